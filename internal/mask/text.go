package mask

import (
	"regexp"
	"strconv"
	"strings"
)

// textRule finds one kind of secret in free text. Its pattern starts at an anchor, which is lower case and cheap to search for,
// and has exactly one group: the secret.
type textRule struct {
	secret  secret
	anchors []string
	pattern *regexp.Regexp
	word    bool                                    // the anchor must start a word
	stars   bool                                    // masked with asterisks instead of a token: it is never compared
	keep    func(before, secret, after string) bool // matches the pattern, but is not a secret
}

// at compiles a pattern that matches only at the anchor, ignoring case; $ is the end of a line.
func at(pattern string) *regexp.Regexp { return regexp.MustCompile(`(?im)\A(?:` + pattern + `)`) }

const (
	credentialEnding = `(?:pass(?:word|wd|phrase)|secret|token|credentials?|(?:api|private|access|client|signing|encryption)[_-]?key(?:-data)?)`
	privateKeyBegins = `-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----`
	privateKeyEnds   = `-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----`
)

var credentialAnchors = []string{"pass", "secret", "token", "credential", "api", "private", "access", "client", "signing", "encryption"}

// textRules are in order of precedence: at one position, the first match wins. No rule matches the replacement of another.
var textRules = []textRule{
	{secret: privateKey, anchors: []string{"-----begin"}, pattern: at(`(` + privateKeyBegins + `(?s:.*?)(?:` + privateKeyEnds + `|\z))`)},
	{
		secret: urlCredential, anchors: []string{"://"}, stars: true, keep: harmlessUser,
		// An unencoded password may contain anything but the start of the next URL. That exclusion also keeps matching linear. The last @
		// before a path ends it.
		pattern: at(`://([^\s/?#"'<>\\]+|[^\s/?#@:"'<>\\]*:(?:[^\s@"'<>\\:]|:+[^\s@"'<>\\:/])*:*(?:@[^\s/?#"'<>\\]*)?)@`),
	},
	{secret: urlCredential, anchors: []string{":"}, stars: true, pattern: at(`:([^\s@/"':]+)@(?:tcp|unix)\(`)}, // the form of MySQL's drivers
	{
		secret: urlCredential, anchors: []string{"?", "&"}, stars: true,
		pattern: at(`[?&](?:[\w.-]*(?:` + credentialEnding + `|signature|sig|x-amz-credential|x-goog-credential)|code)=([^&#\s"'<>\\]+)`),
	},
	{
		secret: bearerToken, anchors: []string{"authorization"},
		pattern: at(`authorization\\?["']?\s*[:=]\s*\[?\\?["']?(?:bearer|basic|token|digest)\s+([^\s"',;\\\]]+)`),
	},
	{secret: bearerToken, anchors: []string{"bearer", "basic"}, word: true, keep: ordinaryWord, pattern: at(`(?:bearer|basic)\s+([\w.~+/=-]{8,})`)},
	{secret: bearerToken, anchors: []string{"eyj"}, word: true, pattern: at(`(eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*)`)},
	{
		secret: bearerToken, anchors: []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "hvs."}, word: true,
		pattern: at(`((?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|hvs\.)[\w-]{16,})`),
	},
	{secret: textCredential, anchors: credentialAnchors, pattern: at(credentialEnding + `=("[^"]*"|'[^']*'|[^\s"'&;,)=\\][^\s"'&;,)\\]*)`)},
	{secret: textCredential, anchors: credentialAnchors, pattern: at(credentialEnding + `["']\s*:\s*"((?:[^"\\]|\\.)+)"`)},
	{secret: textCredential, anchors: credentialAnchors, pattern: at(credentialEnding + `\\"\s*:\s*\\"(.+?)\\"`)},
	{
		secret: textCredential, anchors: credentialAnchors, keep: inSentence,
		pattern: at(credentialEnding + `["']?:[ \t]+([^\s"'|>&*!{\[]\S*|"[^"\n]+"|'[^'\n]+')[ \t]*$`),
	},
	{
		secret: textCredential, anchors: []string{"--"}, word: true,
		pattern: at(`--[\w-]*` + credentialEnding + `[ ]+([^\s"'-][^\s"']*|"[^"\n]+"|'[^'\n]+')`),
	},
	{
		secret: refusedValue, anchors: []string{".value", ".data", ".stringdata", ".binarydata"},
		pattern: at(`(?:\.value|\.(?:data|stringData|binaryData)(?:\[[^\]]*\]|\.[\w.-]+)?): (?:invalid|unsupported|duplicate) value: "((?:[^"\\]|\\.)+)"`),
	},
	{secret: refusedValue, anchors: []string{"valueunstructured{"}, // the form of structured-merge-diff, for an unquoted number
		pattern: at(`valueUnstructured\{Value:([^}]+)\}`)},
}

// tokenRule finds the tokens of a Snapshot that was masked before. They count as values; otherwise new tokens could collide with
// them.
var tokenRule = textRule{anchors: []string{tokenPrefix}, word: true, pattern: at(`(` + tokenPrefix + `[0-9]+)`)}

// privateKeys finds keys of several lines in a log, also if the log starts in the middle of a key.
var privateKeys = regexp.MustCompile(privateKeyBegins + `(?s:.*?)(?:` + privateKeyEnds + `|\z)|(?:[\w+/=]{16,}\r?\n)+` + privateKeyEnds)

// harmlessUser reports whether a match is not a credential: the user of a Git URL over SSH, the port of a registry, or the
// digest of an image.
func harmlessUser(before, user, after string) bool {
	host, rest, _ := strings.Cut(user, ":")
	port, _, path := strings.Cut(rest, "/")
	_, err := strconv.Atoi(port)
	return host != "" && path && err == nil ||
		strings.HasPrefix(after, "@sha256:") ||
		!strings.Contains(user, ":") && hasSSHScheme(before)
}

func hasSSHScheme(before string) bool {
	scheme := strings.ToLower(before[max(0, len(before)-len("sftp://")):])
	return strings.HasSuffix(scheme, "ssh://") || scheme == "sftp://"
}

// ordinaryWord reports whether a match is an ordinary word, as in "basic authentication failed".
func ordinaryWord(_, word, _ string) bool { return !strings.ContainsAny(word, "0123456789=") }

// inSentence reports whether a match is part of a sentence, such as "invalid token: EOF". In YAML the key is the first word of
// its line.
func inSentence(before, _, _ string) bool {
	return !yamlKey.MatchString(before[strings.LastIndexByte(before, '\n')+1:])
}

var yamlKey = regexp.MustCompile(`^[\s-]*["']?[\w.-]+["']?:\s+$`)
