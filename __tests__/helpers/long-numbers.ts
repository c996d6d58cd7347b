/** Fields of others whose numbers JavaScript would not give back as they were written. */
export const LONG_NUMBERS = '"tenant":12345678901234567890,"snowflake":1057345678901234567,"huge":1e400';
