// Tables of names. Commands are written without their backslash.

/** A table written the other way round: what is meant, then all the names it goes by. */
const spelled = (table: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(table).flatMap(([meant, names]) => names.split(" ").map((name) => [name, meant])),
  );

/** Commands that are another way to write a mark. */
export const markCommands = spelled({
  "*": "cdot times ast bullet star", "/": "div", "<=": "le leq leqslant leqq", ">=": "ge geq geqslant geqq", "<": "lt", ">": "gt",
  "!=": "ne neq", not: "not", "=": "eq", "≈": "approx simeq cong doteq thickapprox approxeq", "~": "sim", "≡": "equiv",
  "→": "to rightarrow longrightarrow mapsto", "⇒": "Rightarrow implies Longrightarrow", "⇔": "iff Leftrightarrow leftrightarrow",
  "∈": "in", "∉": "notin", "⊂": "subset subseteq", "⊃": "supset supseteq", "∪": "cup bigcup", "∩": "cap bigcap",
  "∖": "setminus smallsetminus backslash", or: "lor vee", and: "land wedge", "±": "pm", "∓": "mp", "°": "circ degree", "'": "prime",
  ":": "colon", "|": "vert mid", "⎸": "lvert", "⎹": "rvert", "‖": "Vert lVert rVert |", "\\{": "lbrace {", "\\}": "rbrace }",
  "[": "lbrack", "]": "rbrack", "(": "lparen", ")": "rparen", "⟨": "langle", "⟩": "rangle", "⌊": "lfloor", "⌋": "rfloor", "⌈": "lceil",
  "⌉": "rceil", "%": "%", "#": "#", "&": "&", _: "_",
}); // prettier-ignore

/** Commands that only change how a thing looks. */
export const silentCommands: ReadonlySet<string> = new Set(
  (
    "displaystyle textstyle scriptstyle limits nolimits rm bf it sf mathbf mathit mathsf mathcal mathscr mathfrak " +
    "boldsymbol bm pmb mathstrut strut phantom nonumber notag centering large Large small tiny mathop mathbin mathrel " +
    "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr " +
    "! ~ hspace vspace $ null relax " +
    "boxed fbox framebox underline color textcolor ensuremath"
  ).split(" "),
);

export const spaceCommands: ReadonlySet<string> = new Set(
  "quad qquad enspace enskip thinspace medspace thickspace , ; : > space".split(" "),
);

/** Commands whose group is running text. */
export const textCommands: ReadonlySet<string> = new Set(
  "text textbf textit textrm textsf texttt textnormal textup textsc mbox hbox mathrm mathtt operatorname rm emph unit".split(
    " ",
  ),
);

/** Commands that dress a symbol; the dress belongs to its name. */
export const accentCommands: ReadonlySet<string> = new Set(
  "overline bar hat widehat vec overrightarrow overleftrightarrow tilde widetilde dot ddot overarc widearc wideparen underbrace overbrace".split(
    " ",
  ),
);

/** Commands for letters that go by several names. */
export const greekAliases = spelled({
  epsilon: "varepsilon", phi: "varphi", theta: "vartheta", rho: "varrho", sigma: "varsigma", kappa: "varkappa", emptyset: "varnothing",
  i: "imath", j: "jmath", l: "ell", dots: "dotsc dotsb dotsm ldots cdots", angle: "measuredangle", triangle: "bigtriangleup",
}); // prettier-ignore

const named = (names: string): Readonly<Record<string, string>> =>
  Object.fromEntries(names.split(" ").map((name) => [name, name]));

/** Functions, by every name they go by. */
export const functionNames: Readonly<Record<string, string>> = {
  ...named(
    "sin cos tan cot sec csc arcsin arccos arctan arccot arcsec arccsc sinh cosh tanh coth sech csch arcsinh arccosh arctanh " +
      "ln log lg exp sqrt cbrt abs floor ceil sign max min gcd lcm factorial",
  ),
  ...spelled({
    tan: "tg", cot: "ctg", csc: "cosec", arcsin: "asin", arccos: "acos", arctan: "atan arctg", arcsinh: "arsinh", arccosh: "arcosh",
    arctanh: "artanh", sign: "sgn", re: "Re", im: "Im",
  }),
}; // prettier-ignore

/** Commands that are more than a letter; every other command is a symbol. */
export const knownCommands: ReadonlySet<string> = new Set(
  "sum prod int iint iiint oint lim limsup liminf det tr rank arg choose over pmod bmod hline substack tag label ref".split(
    " ",
  ),
);

/** Units written without `\text`. Single letters are variables and are not here. */
export const unitWords: ReadonlySet<string> = new Set(
  (
    "cm mm km kg mg ft lb lbs oz mph kmh kph Hz kHz MHz GHz mol rad deg mi yd hr hrs min mins sec secs ml mL dm nm eV keV MeV GeV " +
    "kJ kPa Pa atm sq cu gal rpm kW MW kV cents cent USD dollars percent pct in am pm"
  ).split(" "),
);

/** Short English words that are never a product of variables. Longer ones are told by their look. */
export const shortWords: ReadonlySet<string> = new Set(
  "and or is are the if for to of at by on no not yes per was be can day days year men cup cups box way ways".split(
    " ",
  ),
);

/** Words of powers of ten, with the number of zeros. */
export const multipliers: Readonly<Record<string, number>> = {
  hundred: 2, thousand: 3, million: 6, billion: 9, trillion: 12, 万: 4, 亿: 8,
}; // prettier-ignore

/** Words that say more than a unit: an answer that holds one of them is compared as text. */
export const meaningfulWords: ReadonlySet<string> = new Set(
  (
    "not no none never except without if when where unless otherwise for least most more less fewer than between minus " +
    "negative squared cubed over until undefined either neither nor nonzero impossible all any every no-one such that " +
    "divided multiplied plus half twice double triple third quarter exceeding below above under almost multiples multiple " +
    "a.m p.m am pm noon midnight clockwise counterclockwise true false 不 没有 无 除 至少 至多 以上 以下"
  ).split(" "),
);

export const numberWords: Readonly<Record<string, number>> = Object.fromEntries(
  (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen " +
    "nineteen twenty"
  )
    .split(" ")
    .map((word, value) => [word, value]),
);
