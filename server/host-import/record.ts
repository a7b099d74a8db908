/** The fields of one line, or why it is not a record. */
export type RecordLine = string[] | { problem: string };

/**
 * Splits a line of comma-separated fields that are all quoted, `""` standing for a quote inside one.
 * A line is a record: a quote that does not close on its line is a fault of that line.
 */
export function readRecord(line: string): RecordLine {
  if (line.length < 2 || line[0] !== '"' || line[line.length - 1] !== '"') {
    return { problem: '行が引用符（"）で始まり引用符で終わっていません' };
  }
  const fields = line.slice(1, -1).split('","');
  for (const field of fields) if (field.includes('"')) return readWithQuotes(line);
  return fields;
}

function readWithQuotes(line: string): RecordLine {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] !== '"') return { problem: `${at + 1}文字目に、項目を始める引用符（"）がありません` };
    let field = '';
    let from = at + 1;
    for (;;) {
      const end = line.indexOf('"', from);
      if (end < 0) return { problem: '引用符（"）が閉じていません' };
      if (line[end + 1] !== '"') {
        fields.push(field + line.slice(from, end));
        at = end + 1;
        break;
      }
      field += line.slice(from, end + 1);
      from = end + 2;
    }
    if (at === line.length) return fields;
    if (line[at] !== ',')
      return { problem: `${at + 1}文字目で、引用符（"）のあとに区切りのコンマがありません` };
    at += 1;
  }
}
