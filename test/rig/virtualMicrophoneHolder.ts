import { VirtualMicrophone } from '../../src/main/audio/virtualMicrophone.js';

// Makes the virtual microphone, says so, and keeps it until a signal ends the process.
process.on('SIGTERM', () => process.exit(0));
await new VirtualMicrophone().create();
process.stdout.write('ready\n');
setInterval(() => undefined, 1000);
