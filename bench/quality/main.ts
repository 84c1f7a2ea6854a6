import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { page } from './page.ts';
import { wholeStudy } from './study.ts';

const file = join(import.meta.dirname, '../../docs/decision-quality.md');
process.stdout.write(`seed ${wholeStudy.seed}\n`);
writeFileSync(file, page(wholeStudy));
const seconds = process.cpuUsage().user / 1_000_000;
process.stdout.write(`${file}, ${seconds.toFixed(0)} s of one core\n`);
