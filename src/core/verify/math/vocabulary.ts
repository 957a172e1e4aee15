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

export const greek: ReadonlySet<string> = new Set(
  (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau upsilon phi chi psi omega " +
    "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell hbar partial nabla aleph wp Re Im triangle angle " +
    "measuredangle parallel perp odot oplus otimes emptyset forall exists top bot infty pi imath jmath ldots cdots dots " +
    "vdots dotsc dotsb dotsm therefore because square checkmark"
  ).split(" "),
);

export const greekAliases: Readonly<Record<string, string>> = {
  varepsilon: "epsilon", varphi: "phi", vartheta: "theta", varrho: "rho", varsigma: "sigma", varkappa: "kappa",
  varnothing: "emptyset", imath: "i", jmath: "j", ell: "l", dotsc: "dots", dotsb: "dots", dotsm: "dots",
  ldots: "dots", cdots: "dots", measuredangle: "angle", bigtriangleup: "triangle",
}; // prettier-ignore

/** Functions of one argument, by every name they go by. */
export const functionNames: Readonly<Record<string, string>> = {
  sin: "sin", cos: "cos", tan: "tan", cot: "cot", sec: "sec", csc: "csc", tg: "tan", ctg: "cot", cosec: "csc",
  arcsin: "arcsin", arccos: "arccos", arctan: "arctan", asin: "arcsin", acos: "arccos", atan: "arctan",
  arccot: "arccot", arctg: "arctan", arcsec: "arcsec", arccsc: "arccsc",
  sinh: "sinh", cosh: "cosh", tanh: "tanh", coth: "coth", sech: "sech", csch: "csch",
  arcsinh: "arcsinh", arccosh: "arccosh", arctanh: "arctanh", arsinh: "arcsinh", arcosh: "arccosh", artanh: "arctanh",
  ln: "ln", log: "log", lg: "lg", exp: "exp", sqrt: "sqrt", cbrt: "cbrt", abs: "abs", floor: "floor", ceil: "ceil",
  sgn: "sign", sign: "sign", Re: "re", Im: "im", max: "max", min: "min", gcd: "gcd", lcm: "lcm",
  factorial: "factorial",
}; // prettier-ignore

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
