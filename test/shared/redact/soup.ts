/** Random texts out of the pieces that redaction cares about: likelier to go wrong than random letters. */
import fc from 'fast-check'

const PIECES = [
  ...[
    'password',
    'token',
    'api_key',
    'secret',
    'Authorization',
    'Cookie',
    '비밀번호',
    '토큰',
    'auth',
    'Bearer',
    'Basic',
    'digest',
  ],
  ...[
    '=',
    ':',
    ': ',
    ' = ',
    '=>',
    ' is ',
    '는 ',
    '->',
    ',',
    ';',
    '&',
    '|',
    '?',
    '#',
    '/',
    '//',
    '://',
    '@',
    '--',
    '-',
    '_',
    '.',
  ],
  ...['"', "'", '`', '\\', '\\"', '\\n', '\n', '\r\n', ' ', '    ', '\t', '<', '>', '</', '(', ')', '[', ']', '{', '}'],
  ...['[masked]', '[masked:field]', '[masked', 'masked:jwt]', `$\{X}`, '****', 'true', '12', '2026-11-20T21:00:00Z'],
  ...[
    'hunter2',
    'hunter-two',
    'aB3',
    'Zx9Kq',
    'deadbeef',
    '0123456789abcdef',
    'QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
    'word',
    'of',
    '한글',
  ],
  ...[
    'eyJhbGciOi',
    '-----BEGIN PRIVATE ',
    'KEY-----',
    '-----END PRIVATE ',
    'curl -u a:',
    'https',
    'mysql -p',
    'sha256:',
    'commit ',
  ],
  ...['\ud83d\ude00', '\ud800', '\u0000', '\ufeff', 'é', 'e\u0301', 'İ', 'ß'],
]

/** A text of up to `most` pieces. */
export function soup(most: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...PIECES), { maxLength: most }).map((pieces) => pieces.join(''))
}
