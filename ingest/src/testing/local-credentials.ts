// Imported for its effect: clients that are given no credentials find these. The emulators take any.
process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';
