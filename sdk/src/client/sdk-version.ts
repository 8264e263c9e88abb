/** The version of this package, told to the service with every request. A test holds it against package.json. */
export const SDK_VERSION = '0.1.0';
