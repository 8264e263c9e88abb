import type { ComplexAttributeConverter } from 'lit';

/** Reads an attribute as JSON. What is not JSON is reported to the developer and taken as absent. */
export function jsonConverter<T>(absent: T): ComplexAttributeConverter<T> {
  return {
    fromAttribute: (value) => {
      if (value === null || value === '') return absent;
      try {
        return JSON.parse(value) as T;
      } catch (error) {
        console.warn(`lumina-widget: an attribute is not JSON: ${value}`, error);
        return absent;
      }
    },
  };
}
