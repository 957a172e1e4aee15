// Tables of names. Commands are written without their backslash.

/** Commands that are another way to write a mark. */
export const markCommands: Readonly<Record<string, string>> = {
  cdot: "*", times: "*", ast: "*", bullet: "*", star: "*", div: "/", over: "/",
  le: "<=", leq: "<=", leqslant: "<=", leqq: "<=", ge: ">=", geq: ">=", geqslant: ">=", geqq: ">=",
  lt: "<", gt: ">", ne: "!=", neq: "!=", not: "not", eq: "=",
  approx: "≈", simeq: "≈", cong: "≈", doteq: "≈", thickapprox: "≈", approxeq: "≈", sim: "~", propto: "~",
  equiv: "≡", to: "→", rightarrow: "→", longrightarrow: "→", Rightarrow: "⇒", implies: "⇒", mapsto: "→",
  Longrightarrow: "⇒", iff: "⇔", Leftrightarrow: "⇔", leftrightarrow: "⇔",
  in: "∈", notin: "∉", subset: "⊂", subseteq: "⊂", supset: "⊃", supseteq: "⊃",
  cup: "∪", bigcup: "∪", cap: "∩", bigcap: "∩", setminus: "∖", smallsetminus: "∖", backslash: "∖",
  lor: "or", vee: "or", land: "and", wedge: "and",
  pm: "±", mp: "∓", circ: "°", degree: "°", prime: "'", colon: ":",
  vert: "|", mid: "|", lvert: "⎸", rvert: "⎹", Vert: "‖", lVert: "‖", rVert: "‖", "|": "‖",
  lbrace: "\\{", rbrace: "\\}", "{": "\\{", "}": "\\}", lbrack: "[", rbrack: "]", lparen: "(", rparen: ")",
  langle: "⟨", rangle: "⟩", lfloor: "⌊", rfloor: "⌋", lceil: "⌈", rceil: "⌉", "%": "%", "#": "#", "&": "&", _: "_",
}; // prettier-ignore

/** Commands that only change how a thing looks. `\left` and its kind also swallow a following full stop. */
export const silentCommands: ReadonlySet<string> = new Set(
  (
    "displaystyle textstyle scriptstyle limits nolimits rm bf it sf mathbf mathit mathsf mathcal mathscr mathfrak " +
    "boldsymbol bm pmb mathstrut strut phantom nonumber notag centering large Large small tiny mathop mathbin mathrel " +
    "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr " +
    "quad qquad enspace enskip thinspace medspace thickspace , ; : ! > ~ space hspace vspace $ null relax " +
    "boxed fbox underline color ensuremath"
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
export const greekAliases: Readonly<Record<string, string>> = {
  varepsilon: "epsilon", varphi: "phi", vartheta: "theta", varrho: "rho", varsigma: "sigma", varkappa: "kappa",
  varnothing: "emptyset", imath: "i", jmath: "j", ell: "l", dotsc: "dots", dotsb: "dots", dotsm: "dots",
  ldots: "dots", cdots: "dots", measuredangle: "angle", bigtriangleup: "triangle",
}; // prettier-ignore

const named = (names: string): Readonly<Record<string, string>> =>
  Object.fromEntries(names.split(" ").map((name) => [name, name]));

/** Functions, by every name they go by. */
export const functionNames: Readonly<Record<string, string>> = {
  ...named(
    "sin cos tan cot sec csc arcsin arccos arctan arccot arcsec arccsc sinh cosh tanh coth sech csch arcsinh arccosh arctanh " +
      "ln log lg exp sqrt cbrt abs floor ceil sign max min gcd lcm factorial",
  ),
  tg: "tan", ctg: "cot", cosec: "csc", asin: "arcsin", acos: "arccos", atan: "arctan", arctg: "arctan",
  arsinh: "arcsinh", arcosh: "arccosh", artanh: "arctanh", sgn: "sign", Re: "re", Im: "im",
}; // prettier-ignore

/** Commands that are more than a letter; every other command is a symbol. */
export const knownCommands: ReadonlySet<string> = new Set(
  "sum prod int iint iiint oint lim limsup liminf det tr rank arg choose pmod bmod hline substack tag label ref".split(
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

export const numberWords: Readonly<Record<string, number>> = {
  zero: 0, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12,
}; // prettier-ignore
