// rollbackd itself under pm2, where systemd is not at hand. Never in the pm2 of the application: rollbackd stops and starts things there, and
// refuses a pm2 daemon that it lives under or shares a unit with. So a home of its own, started by the same user:
// What else it needs, and how it comes back after a reboot, is in docs/install.md, "Under pm2".
//
//   PM2_HOME=/var/lib/rollbackd/pm2 pm2 start /opt/rollbackd/node_modules/rollbackd/deploy/pm2/ecosystem.config.cjs
//   PM2_HOME=/var/lib/rollbackd/pm2 pm2 save
//
// pm2 hands its own environment to what it starts, and saves it: start it from a shell that holds no secrets.
module.exports = {
  apps: [
    {
      name: 'rollbackd',
      // Node itself, and no interpreter: pm2's own wrapper around a script keeps its process alive after rollbackd has ended.
      script: '/opt/rollbackd/node/bin/node',
      interpreter: 'none',
      args: [
        '/opt/rollbackd/node_modules/rollbackd/bin/rollbackd.js',
        'run',
        '--config',
        '/etc/rollbackd/rollbackd.yaml',
      ],
      exec_mode: 'fork',
      instances: 1,
      // It comes back however often it ends: who guards must not give up.
      autorestart: true,
      restart_delay: 5_000,
      max_restarts: 1_000_000,
      // Asked to stop, it ends its own children in order, and may take a while.
      kill_timeout: 60_000,
      treekill: false,
    },
  ],
};
