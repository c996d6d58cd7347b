/** got's forms, which this program does not send. */
export class FormDataEncoder {
  constructor() {
    throw new Error("forms are not sent");
  }
}

export const isFormData = (): boolean => false;
