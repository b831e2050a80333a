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

// secret is a category of masked values; the header names each in a sentence.
type secret uint8

const (
	open secret = iota // the zero value of a rule: only text patterns are masked
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

// LogsLeftOut is the sentence for log lines that are in the Snapshot but not in the file.
const LogsLeftOut = "log lines: left out"

// SubjectOf returns the subject of a sentence in the header.
func SubjectOf(sentence string) string {
	subject, _, _ := strings.Cut(sentence, ":")
	return subject
}

// Token is the beginning of what replaces a masked value.
const Token = "masked-"

const (
	tokenPrefix = Token
	asterisks   = "***"
)

// Masker replaces values by tokens. Equal values get equal tokens, numbered in the order of their first occurrence. So an
// assessment that compares two objects has the same result, and the tokens reveal nothing.
type Masker struct {
	showsValues     bool // the user requested the values
	credentialsOnly bool // configuration stays as it is
	hasTokens       bool // the Snapshot was read from a masked file
	tokens          map[[sha256.Size]byte]int
	counts          [secretCount]int
}

// New returns a Masker. showValues leaves values unchanged; hasTokens means that the Snapshot was read from a masked file.
func New(showValues, hasTokens bool) *Masker {
	return &Masker{showsValues: showValues, hasTokens: hasTokens, tokens: map[[sha256.Size]byte]int{}}
}

// ForCredentials returns a Masker for what is compared: it leaves configuration as it is, such as the values of environment variables
// and ConfigMaps, and masks Secrets, what is named like a credential, and credentials in texts. hasTokens is that of New.
func ForCredentials(hasTokens bool) *Masker {
	m := New(false, hasTokens)
	m.credentialsOnly = true
	return m
}

// Sentences describes the values masked so far, with their counts.
func (m *Masker) Sentences() []string {
	var sentences []string
	for s := open + 1; s < secretCount; s++ {
		if m.counts[s] > 0 {
			sentences = append(sentences, fmt.Sprintf("%s: %d", secretNames[s], m.counts[s]))
		}
	}
	return sentences
}

// token masks one value. It stores only digests, so that the masker holds no secrets itself.
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

// maskBase64 masks a value of data or binaryData. The result stays base64, and equals the token of the same value in stringData.
func (m *Masker) maskBase64(value string, s secret) string {
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

// Wanted masks free text in a revision, such as a commit message or a Git error.
func (m *Masker) Wanted(r facts.Revision) facts.Revision {
	r.Text, r.Reason, r.Subject = m.Text(r.Text), m.Text(r.Reason), m.Text(r.Subject)
	r.URLs = slices.Clone(r.URLs)
	for i := range r.URLs {
		r.URLs[i] = m.Text(r.URLs[i])
	}
	return r
}

// Changes masks free text in commits. It sorts first, because tokens are numbered in order of occurrence.
func (m *Masker) Changes(changes []facts.Change) []facts.Change {
	masked := slices.SortedFunc(slices.Values(changes), facts.Change.Compare)
	for i := range masked {
		masked[i].Subject = m.Text(masked[i].Subject)
	}
	return masked
}

// Past masks free text in commits. Values of fields that a snapshot masks are not in them.
func (m *Masker) Past(p facts.Past) facts.Past {
	p.Reason, p.Commits = m.Text(p.Reason), slices.Clone(p.Commits)
	for i := range p.Commits {
		p.Commits[i].Subject = m.Text(p.Commits[i].Subject)
		p.Commits[i].Changes = slices.Clone(p.Commits[i].Changes)
		for j := range p.Commits[i].Changes {
			change := &p.Commits[i].Changes[j]
			change.Image, change.Fields = m.Text(change.Image), slices.Clone(change.Fields)
			for k := range change.Fields {
				change.Fields[k].Old, change.Fields[k].New = m.Text(change.Fields[k].Old), m.Text(change.Fields[k].New)
			}
		}
	}
	return p
}

// Lines masks a log. It searches the joined lines, because a private key spans several lines.
func (m *Masker) Lines(lines []string) []string {
	if m.showsValues || len(lines) == 0 {
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
