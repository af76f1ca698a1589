// Holds the data that a method gave back to the type that the client declares for it: TypeScript's own
// reading of `index.d.mts`, applied to values. Fields beyond the type are no fault.
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const FLAGS = ts.TypeFlags;
// Where the declaration depends on the arguments, or is not that of an answer.
const BATCH = '{ data: { id: string }[]; errors?: { index: number; message: string }[] }';
const BY_HAND = {
  'batch.send': BATCH,
  'batch.create': BATCH,
  'webhooks.verify': "ReturnType<Resend['webhooks']['verify']>",
};

export function declaredTypes(methods) {
  const file = fileURLToPath(new URL('../answers.mts', import.meta.url));
  const source = `import type { Resend } from 'resend';\n${methods.map(
    (method, i) => `export type T${i} = ${BY_HAND[method] ?? `NonNullable<Awaited<ReturnType<Resend['${method.split('.').join("']['")}']>>['data']>`};`).join('\n')}\n`;
  const host = ts.createCompilerHost({});
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) => (name === file ? ts.createSourceFile(name, source, ...rest) : getSourceFile(name, ...rest));
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? source : readFile(name));
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023, strict: true, skipLibCheck: true, noEmit: true, types: [],
  }, host);
  const checker = program.getTypeChecker();
  const types = new Map();
  ts.forEachChild(program.getSourceFile(file), (node) => {
    if (ts.isTypeAliasDeclaration(node)) types.set(methods[types.size], checker.getTypeAtLocation(node.name));
  });
  const text = (type) => checker.typeToString(type);

  // What is wrong with a value of a type; an empty list if nothing.
  function faults(type, value, path) {
    if (type.flags & (FLAGS.Any | FLAGS.Unknown)) return [];
    if (type.isUnion()) {
      const each = type.types.map((member) => faults(member, value, path));
      if (each.some((list) => list.length === 0)) return [];
      const objects = each.filter((list, i) => type.types[i].flags & FLAGS.Object);
      return value !== null && typeof value === 'object' && objects.length === 1 ? objects[0]
        : [`${path} is ${JSON.stringify(value)}, not ${text(type)}`];
    }
    const right = (condition) => (condition ? [] : [`${path} is ${JSON.stringify(value)}, not ${text(type)}`]);
    if (type.isStringLiteral() || type.isNumberLiteral()) return right(value === type.value);
    if (type.flags & FLAGS.BooleanLiteral) return right(String(value) === text(type));
    if (type.flags & FLAGS.String) return right(typeof value === 'string');
    if (type.flags & FLAGS.Number) return right(typeof value === 'number');
    if (type.flags & FLAGS.Boolean) return right(typeof value === 'boolean');
    if (type.flags & FLAGS.Null) return right(value === null);
    if (type.flags & (FLAGS.Undefined | FLAGS.Void)) return right(value === undefined);
    if (type.flags & FLAGS.Never) return right(false);
    if (checker.isArrayType(type)) {
      const [item] = checker.getTypeArguments(type);
      return Array.isArray(value) ? value.flatMap((v, i) => faults(item, v, `${path}[${i}]`)) : right(false);
    }
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return right(false);
    const named = checker.getPropertiesOfType(type).flatMap((property) => {
      const name = property.getName();
      const optional = property.flags & ts.SymbolFlags.Optional;
      if (optional && !(name in value)) return [];
      return faults(checker.getTypeOfSymbol(property), value[name], `${path}.${name}`);
    });
    const rest = checker.getIndexInfosOfType(type).flatMap((info) =>
      Object.entries(value).flatMap(([name, v]) => faults(info.type, v, `${path}.${name}`)));
    return [...named, ...rest];
  }

  return (method, data) => {
    const type = types.get(method);
    if (!type || type.flags & FLAGS.Any) throw new Error(`${method} has no declared type`);
    return faults(type, data, method);
  };
}
