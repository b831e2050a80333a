package facts

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// textRule finds one kind of secret in running text. Its pattern has exactly one group, the secret.
type textRule struct {
	secret  secret
	pattern string
	stars   bool // written as asterisks, not as a token: nobody compares it
	keep    func(before, secret, after string) bool
}

const credentialEnding = `(?:pass(?:word|wd|phrase)|secret|token|credentials?|(?:api|private|access|client|signing|encryption)[_-]?key(?:-data)?)`

// textRules are tried together, from left to right, the first that matches at a place wins: so what one rule has
// written, no other reads.
var textRules = []textRule{
	{secret: privateKey, pattern: privateKeyPattern},
	{secret: urlCredential, stars: true, keep: harmlessUser,
		pattern: `://([^\s/?#"'<>\\]+|[^\s/?#@:"'<>\\]*:[^\s@"'<>\\]+)@`},
	{secret: urlCredential, stars: true, pattern: `\b[\w.-]+:([^\s@/"']+)@(?:tcp|unix)\(`}, // MySQL's
	{secret: urlCredential, stars: true,
		pattern: `[?&](?:[\w.-]*(?:` + credentialEnding + `|signature|sig|x-amz-credential|x-goog-credential)|code)=([^&#\s"'<>\\]+)`},
	{secret: bearerToken, pattern: `authorization\\?["']?\s*[:=]\s*\[?\\?["']?(?:bearer|basic|token|digest)\s+([^\s"',;\\\]]+)`},
	{secret: bearerToken, keep: ordinaryWord, pattern: `\b(?:bearer|basic)\s+([\w.~+/=-]{8,})`},
	{secret: bearerToken, pattern: `\b(eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*)`},
	{secret: bearerToken, pattern: `\b((?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|hvs\.)[\w-]{16,})`},
	{secret: textCredential, pattern: credentialEnding + `=("[^"]*"|'[^']*'|[^\s"'&;,)=\\][^\s"'&;,)\\]*)`},
	{secret: textCredential, pattern: credentialEnding + `["']\s*:\s*"((?:[^"\\]|\\.)+)"`},
	{secret: textCredential, pattern: credentialEnding + `\\"\s*:\s*\\"(.+?)\\"`},
	{secret: textCredential, keep: notAKey, pattern: credentialEnding + `["']?:[ \t]+([^\s"'|>&*!{\[]\S*|"[^"\n]+"|'[^'\n]+')[ \t]*$`},
	{secret: textCredential, pattern: `--[\w-]*` + credentialEnding + `[ ]+([^\s"'-]\S*|"[^"\n]+"|'[^'\n]+')`},
	{secret: refusedValue, pattern: `(?:\.value|\.(?:data|stringData|binaryData)(?:\[[^\]]*\]|\.[\w.-]+)?): (?:invalid|unsupported|duplicate) value: "((?:[^"\\]|\\.)+)"`},
	{secret: refusedValue, pattern: `valueUnstructured\{Value:([^}]+)\}`}, // structured-merge-diff's, for an unquoted number
}

const privateKeyPattern = `((?s:-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z))` +
	`|(?:[\w+/=]{16,}\r?\n)+-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----)`

var (
	privateKeys = regexp.MustCompile(privateKeyPattern)
	textPattern = regexp.MustCompile(combined(textRules))
	// textHints are what every rule needs; most texts have none of them.
	textHints = regexp.MustCompile(`[=@]|://|----|(?i:eyJ|gh[pousr]_|github_pat|glpat-|xox|hvs\.|bearer|basic|secret|token|pass|credential|key| value: |value\{|value:)|masked-`)
	// tokenPattern finds the tokens in texts of a Snapshot that was masked before. They count as values, or else new
	// tokens could collide with them.
	tokenPattern = `\b(` + tokenPrefix + `[0-9]+)\b`
)

func combined(rules []textRule) string {
	patterns := make([]string, 0, len(rules)+1)
	for _, r := range rules {
		patterns = append(patterns, r.pattern)
	}
	return `(?im:` + strings.Join(append(patterns, tokenPattern), "|") + ")"
}

// text masks what is secret in running text, and what is in JSON within text.
func (m *masker) text(s string) string {
	if m.off || !textHints.MatchString(s) {
		return s
	}
	if masked, ok := m.jsonText(s); ok {
		return masked
	}
	var masked strings.Builder
	end := 0
	for _, match := range textPattern.FindAllStringSubmatchIndex(s, -1) {
		for i := 0; i <= len(textRules); i++ {
			from, to := match[2+2*i], match[3+2*i]
			if from < 0 {
				continue
			}
			masked.WriteString(s[end:from])
			masked.WriteString(m.found(i, s[:from], s[from:to], s[to:]))
			end = to
		}
	}
	masked.WriteString(s[end:])
	return masked.String()
}

// found masks what rule i matched.
func (m *masker) found(i int, before, value, after string) string {
	if i == len(textRules) {
		if m.again {
			return m.token(value, open)
		}
		return value
	}
	r := textRules[i]
	switch {
	case r.keep != nil && r.keep(before, value, after):
		return value
	case r.stars:
		m.counts[r.secret]++
		return asterisks
	}
	if quoted := value[0]; len(value) > 1 && (quoted == '"' || quoted == '\'') && value[len(value)-1] == quoted {
		return string(quoted) + m.token(value[1:len(value)-1], r.secret) + string(quoted)
	}
	return m.token(value, r.secret)
}

// jsonText masks an object that is written as text: other tools' copies of what they applied, and log lines. The text
// changes only if there is something to mask.
func (m *masker) jsonText(s string) (string, bool) {
	trimmed := strings.TrimSpace(s)
	if len(trimmed) < 2 || trimmed[0] != '{' || trimmed[len(trimmed)-1] != '}' {
		return "", false
	}
	var object map[string]any
	if err := utiljson.Unmarshal([]byte(trimmed), &object); err != nil {
		return "", false
	}
	before := m.counts
	masked, err := m.copyMapping(object, place{}, true)
	if err != nil {
		return "", false
	}
	if m.counts == before {
		return s, true
	}
	data, err := json.Marshal(masked)
	if err != nil {
		return "", false
	}
	return string(data), true
}

// harmlessUser: the user of a Git URL over SSH is no credential, the port of a registry and the digest of an image
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
	before = strings.ToLower(strings.TrimSuffix(before, "://"))
	return strings.HasSuffix(before, "ssh") || strings.HasSuffix(before, "sftp")
}

// ordinaryWord: "basic authentication failed" gives nothing away.
func ordinaryWord(_, word, _ string) bool { return !strings.ContainsAny(word, "0123456789=") }

// notAKey: in YAML the key of a line is the first word of it; "invalid token: EOF" is a sentence.
func notAKey(before, _, _ string) bool {
	line := before[strings.LastIndexByte(before, '\n')+1:]
	return !yamlKey.MatchString(line)
}

var yamlKey = regexp.MustCompile(`^[\s-]*["']?[\w.-]+["']?:\s+$`)
