// class-transformer has no public way to ask what @Type() said; its store does, and the package publishes no types for it.
declare module 'class-transformer/cjs/storage.js' {
  export const defaultMetadataStorage: {
    findTypeMetadata(type: unknown, field: string): { typeFunction(): unknown } | undefined;
  };
}
