// `posthorn dev` runs this in a process of its own: when that one is killed, nobody could stop this one.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
// Said before the engine's modules are loaded, which takes a second. Ctrl-C ends that second cleanly, too.
console.log('Starting PostgreSQL and Posthorn…');
const stop = () => process.exit(0);
process.on('SIGINT', stop);
const { runDev } = await import('./dev.js');
process.off('SIGINT', stop);
await runDev();
