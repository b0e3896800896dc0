import sharp from 'sharp';

/** The server's own allow-list has file loaders only; the tests look at answers in memory. */
export function letTestsLook(): void {
  sharp.unblock({
    operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'].map((name) => `VipsForeignLoad${name}Buffer`),
  });
}
