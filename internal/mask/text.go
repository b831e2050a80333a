package mask

import (
	"regexp"
	"strconv"
	"strings"
)

// textRule finds one kind of secret in running text. Its pattern begins at an anchor, which is in lower case and costs
// little to look for, and has exactly one group: the secret.
type textRule struct {
	secret  secret
	anchors []string
	pattern *regexp.Regexp
	word    bool                                    // the anchor must begin a word
	stars   bool                                    // written as asterisks, not as a token: nobody compares it
	keep    func(before, secret, after string) bool // looks like a secret, but is none
}

// at makes a pattern that matches only where the anchor stands, in any case, with $ for the end of a line.
func at(pattern string) *regexp.Regexp { return regexp.MustCompile(`(?im)\A(?:` + pattern + `)`) }

const (
	credentialEnding = `(?:pass(?:word|wd|phrase)|secret|token|credentials?|(?:api|private|access|client|signing|encryption)[_-]?key(?:-data)?)`
	privateKeyBegins = `-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----`
	privateKeyEnds   = `-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----`
)

var credentialAnchors = []string{"pass", "secret", "token", "credential", "api", "private", "access", "client", "signing", "encryption"}

// textRules: at one place, the first that matches wins. What one has written, no other reads.
var textRules = []textRule{
	{secret: privateKey, anchors: []string{"-----begin"}, pattern: at(`(` + privateKeyBegins + `(?s:.*?)(?:` + privateKeyEnds + `|\z))`)},
	{
		secret: urlCredential, anchors: []string{"://"}, stars: true, keep: harmlessUser,
		// A raw password may hold anything but the beginning of the next URL, which also keeps this linear.
		pattern: at(`://([^\s/?#"'<>\\]+|[^\s/?#@:"'<>\\]*:(?:[^\s@"'<>\\:]|:+[^\s@"'<>\\:/])*:*)@`),
	},
	{secret: urlCredential, anchors: []string{":"}, stars: true, pattern: at(`:([^\s@/"':]+)@(?:tcp|unix)\(`)}, // as MySQL's drivers write it
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
	{secret: refusedValue, anchors: []string{"valueunstructured{"}, // structured-merge-diff's, for an unquoted number
		pattern: at(`valueUnstructured\{Value:([^}]+)\}`)},
}

// tokenRule finds the tokens of a Snapshot that was masked before. They count as values, or new tokens could collide
// with them.
var tokenRule = textRule{anchors: []string{tokenPrefix}, word: true, pattern: at(`(` + tokenPrefix + `[0-9]+)`)}

// privateKeys finds those of several lines in a log, and those whose beginning has scrolled out of it.
var privateKeys = regexp.MustCompile(privateKeyBegins + `(?s:.*?)(?:` + privateKeyEnds + `|\z)|(?:[\w+/=]{16,}\r?\n)+` + privateKeyEnds)

// harmlessUser: the user of a Git URL over SSH is no credential; the port of a registry and the digest of an image
// only look like one.
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

// ordinaryWord: "basic authentication failed" gives nothing away.
func ordinaryWord(_, word, _ string) bool { return !strings.ContainsAny(word, "0123456789=") }

// inSentence: in YAML the key is the first word of its line; "invalid token: EOF" is a sentence.
func inSentence(before, _, _ string) bool {
	return !yamlKey.MatchString(before[strings.LastIndexByte(before, '\n')+1:])
}

var yamlKey = regexp.MustCompile(`^[\s-]*["']?[\w.-]+["']?:\s+$`)
