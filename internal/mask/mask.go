package mask

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// secret is a class of what is masked: the words of one sentence in the header.
type secret uint8

const (
	open secret = iota // the zero value of a rule: nothing to hide here but what the text itself gives away
	environmentValue
	fileContent
	configMapData
	secretData
	substitution
	helmValue
	patch
	kubeConfig
	credentialField
	urlCredential
	privateKey
	bearerToken
	textCredential
	refusedValue
	secretCount
)

// secretNames are in the order of the header.
var secretNames = [secretCount]string{
	"nothing", "environment values", "file contents", "ConfigMap data", "Secret data", "substitutions of Kustomizations",
	"Helm values", "patches of Kustomizations", "kubeconfigs", "fields named like credentials", "credentials in URLs",
	"private keys", "tokens in texts", "credentials in texts", "values in error messages",
}

// LogsLeftOut is the sentence for log lines that were seen and not asked for.
const LogsLeftOut = "log lines: left out"

// SubjectOf is what a sentence of the header is about.
func SubjectOf(sentence string) string {
	subject, _, _ := strings.Cut(sentence, ":")
	return subject
}

const (
	tokenPrefix = "masked-"
	asterisks   = "***"
)

// Masker replaces values by tokens. Equal values get equal tokens, numbered in the order in which they are first
// seen: so a judgement that compares two objects comes out the same, and the tokens give nothing away.
type Masker struct {
	off    bool // the user asked for the values
	again  bool // the Snapshot was read from a masked file: it has tokens already
	tokens map[[sha256.Size]byte]int
	counts [secretCount]int
}

// New returns a Masker. off leaves values as they are; again says that the Snapshot was read from a masked file.
func New(off, again bool) *Masker {
	return &Masker{off: off, again: again, tokens: map[[sha256.Size]byte]int{}}
}

// Sentences says what was masked so far, and how often.
func (m *Masker) Sentences() []string {
	var sentences []string
	for s := open + 1; s < secretCount; s++ {
		if m.counts[s] > 0 {
			sentences = append(sentences, fmt.Sprintf("%s: %d", secretNames[s], m.counts[s]))
		}
	}
	return sentences
}

// token masks one value. Only digests are kept, so that the masker holds no secrets itself.
func (m *Masker) token(value string, s secret) string {
	if value == "" {
		return ""
	}
	m.counts[s]++
	digest := sha256.Sum256([]byte(value))
	if _, seen := m.tokens[digest]; !seen {
		m.tokens[digest] = len(m.tokens) + 1
	}
	return tokenPrefix + strconv.Itoa(m.tokens[digest])
}

// encoded masks a value of data or binaryData, which stays base64, and is the same value as in stringData.
func (m *Masker) encoded(value string, s secret) string {
	plain, err := base64.StdEncoding.DecodeString(value)
	if err != nil || value == "" {
		return m.token(value, s)
	}
	return base64.StdEncoding.EncodeToString([]byte(m.token(string(plain), s)))
}

// number masks a number, which becomes text: 5432 and "5432" stay different.
func (m *Masker) number(value any, s secret) string {
	return m.token(fmt.Sprintf("%T %v", value, value), s)
}

// Wanted masks what people and remotes wrote into a revision.
func (m *Masker) Wanted(r facts.Revision) facts.Revision {
	r.Text, r.Reason, r.Subject = m.Text(r.Text), m.Text(r.Reason), m.Text(r.Subject)
	r.URLs = slices.Clone(r.URLs)
	for i := range r.URLs {
		r.URLs[i] = m.Text(r.URLs[i])
	}
	return r
}

// Changes masks what people wrote into commits. It sorts first, because tokens are numbered as they come.
func (m *Masker) Changes(changes []facts.Change) []facts.Change {
	masked := slices.SortedFunc(slices.Values(changes), facts.Change.Compare)
	for i := range masked {
		masked[i].Subject = m.Text(masked[i].Subject)
	}
	return masked
}

// Lines masks a log. A private key goes over several lines, so it is looked for in the whole.
func (m *Masker) Lines(lines []string) []string {
	if m.off || len(lines) == 0 {
		return lines
	}
	whole := strings.Join(lines, "\n")
	if !strings.Contains(whole, "PRIVATE KEY") {
		return strings.Split(m.eachLine(whole), "\n")
	}
	var masked strings.Builder
	end := 0
	for _, key := range privateKeys.FindAllStringIndex(whole, -1) {
		masked.WriteString(m.eachLine(whole[end:key[0]]))
		masked.WriteString(m.token(whole[key[0]:key[1]], privateKey))
		end = key[1]
	}
	masked.WriteString(m.eachLine(whole[end:]))
	return strings.Split(masked.String(), "\n")
}

func (m *Masker) eachLine(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = m.Text(line)
	}
	return strings.Join(lines, "\n")
}
