/** Bundled beside the script as a style sheet of the same name. */
declare module "*.css";
