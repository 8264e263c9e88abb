import { readStoreConfig } from '../config.ts';
import { openConfigStore } from '../config-store/config-store.ts';

const store = openConfigStore(readStoreConfig(process.env));
try {
  const ran = await store.migrate();
  process.stdout.write(
    ran.length === 0 ? 'The configuration store is up to date.\n' : `Migrated: ${ran.join(', ')}.\n`,
  );
} finally {
  await store.close();
}
