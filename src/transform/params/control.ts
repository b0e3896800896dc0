/**
 * How a form asks for a value. Whatever it offers is legal, but not all that is legal is offered: where a field can be
 * typed into, the parser judges.
 */
export type Control =
  /** One of these and nothing else. */
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** Any of these, joined by dots. */
  | { readonly kind: 'several'; readonly choices: readonly string[] }
  /** A slider beside a field; `of`: the side of the picture along which it is counted in pixels. */
  | {
      readonly kind: 'number';
      readonly least: number;
      readonly most: number;
      readonly step: number;
      readonly of: 'width' | 'height' | null;
      /** Other values worth offering by name. */
      readonly choices: readonly string[];
    }
  /** A colour without a leading #; the choices are names beside colours. */
  | { readonly kind: 'colour'; readonly choices: readonly string[] }
  /** A field with examples. */
  | { readonly kind: 'text'; readonly choices: readonly string[] }
  /** Presets of the server, joined by dots. */
  | { readonly kind: 'presets' }
  /** Effects, each with a control of its own. */
  | { readonly kind: 'effects' }
  /** A switch: there is no value. */
  | { readonly kind: 'nothing' };

interface NumberRest {
  readonly step?: number;
  readonly of?: 'width' | 'height';
  readonly choices?: readonly string[];
}

/** Numbers from `least` to `most`; whole ones where no step is said. */
export function numberFrom(least: number, most: number, { step = 1, of, choices = [] }: NumberRest = {}): Control {
  return { kind: 'number', least, most, step, of: of ?? null, choices };
}
