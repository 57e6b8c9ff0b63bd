/** Questions that come within this time are asked as one. */
const WAIT_MS = 20;

interface Question<T> {
  id: string;
  answer: (value: T) => void;
  fail: (error: unknown) => void;
}

/** Makes one call for many questions: `load` is given up to `most` ids and answers in their order. */
export function together<T>(load: (ids: string[]) => Promise<T[]>, most: number): (id: string) => Promise<T> {
  let waiting: Question<T>[] = [];
  const ask = async (asked: Question<T>[]) => {
    try {
      const answers = await load(asked.map(({ id }) => id));
      asked.forEach(({ answer }, index) => answer(answers[index] as T));
    } catch (error) {
      for (const { fail } of asked) fail(error);
    }
  };
  const flush = () => {
    const all = waiting;
    waiting = [];
    for (let at = 0; at < all.length; at += most) void ask(all.slice(at, at + most));
  };
  return (id) =>
    new Promise((answer, fail) => {
      if (waiting.length === 0) setTimeout(flush, WAIT_MS);
      waiting.push({ id, answer, fail });
    });
}
