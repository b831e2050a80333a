package mask

import (
	"encoding/json"
	"strings"

	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// window limits the distance from its anchor that a rule searches. Without it, a text of repeated anchors would take quadratic
// time.
const window = 2048

// rulesByByte are the rules by possible first byte. A single pattern would be shorter, but a hundred times slower.
var rulesByByte = index(textRules, tokenRule)

type anchored struct {
	anchor string
	rule   textRule
}

func index(rules []textRule, more ...textRule) *[128][]anchored {
	var byByte [128][]anchored
	for _, r := range append(rules[:len(rules):len(rules)], more...) {
		for _, anchor := range r.anchors {
			byByte[anchor[0]] = append(byByte[anchor[0]], anchored{anchor, r})
		}
	}
	return &byByte
}

// Text masks secrets in free text, and in JSON and manifests within text. If values are shown, it masks only the data of Secrets.
func (m *Masker) Text(s string) string {
	if masked, ok := m.jsonText(s); ok {
		return masked
	}
	if masked, ok := m.manifests(s); ok {
		return masked
	}
	if m.showsValues {
		return s
	}
	var masked strings.Builder
	end := 0
	for i := 0; i < len(s); i++ {
		r, from, to := match(s, i, end)
		if from == to {
			continue
		}
		masked.WriteString(s[end:from])
		masked.WriteString(m.found(r, s[from:to]))
		end = to
		i = to - 1
	}
	if end == 0 {
		return s
	}
	masked.WriteString(s[end:])
	return masked.String()
}

// match returns the first rule that matches at i, and the position of the secret; an empty secret if there is none. The text
// before end is already processed.
func match(s string, i, end int) (r textRule, from, to int) {
	c := lower(s[i])
	if c >= 128 {
		return r, 0, 0
	}
	for _, a := range rulesByByte[c] {
		if len(s)-i < len(a.anchor) || !strings.EqualFold(s[i:i+len(a.anchor)], a.anchor) {
			continue
		}
		if a.rule.word && i > end && isWord(s[i-1]) {
			continue
		}
		if from, to = secretAt(s, i, a.rule); from < to {
			return a.rule, from, to
		}
	}
	return r, 0, 0
}

func secretAt(s string, i int, r textRule) (from, to int) {
	reach := len(s)
	if r.secret != privateKey { // only this rule may match a long text, and consumes the text that it has searched
		reach = min(len(s), i+window)
	}
	found := r.pattern.FindStringSubmatchIndex(s[i:reach])
	if found == nil {
		return 0, 0
	}
	from, to = i+found[2], i+found[3]
	if to == reach { // it continues after the window
		for to < len(s) && !strings.ContainsRune(" \t\r\n\"'", rune(s[to])) {
			to++
		}
	}
	if r.keep != nil && r.keep(s[:i+found[2]], s[from:to], s[to:]) {
		return 0, 0
	}
	return from, to
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func isWord(c byte) bool {
	c = lower(c)
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '_'
}

// found masks a match inside its quotes.
func (m *Masker) found(r textRule, value string) string {
	switch last := len(value) - 1; {
	case r.secret == open && !m.hasTokens:
		return value
	case r.stars && !m.credentialsOnly: // what is compared must stay different
		m.counts[r.secret]++
		return asterisks
	case last > 0 && (value[0] == '"' || value[0] == '\'') && value[last] == value[0]:
		return value[:1] + m.token(value[1:last], r.secret) + value[:1]
	}
	return m.token(value, r.secret)
}

// jsonText masks an object in JSON text, such as a last-applied copy by another tool or a log line. The text changes only if a
// value is masked; ok is false if it is not JSON.
func (m *Masker) jsonText(s string) (masked string, ok bool) {
	trimmed := strings.TrimSpace(s)
	if m.showsValues && !strings.Contains(s, "Secret") {
		return "", false
	}
	if len(trimmed) < 2 || trimmed[0] != '{' || trimmed[len(trimmed)-1] != '}' {
		return "", false
	}
	var object map[string]any
	if err := utiljson.Unmarshal([]byte(trimmed), &object); err != nil {
		return "", false
	}
	before := m.counts
	copied, err := m.copyMapping(object, place{}, !m.showsValues)
	if err != nil {
		return "", false
	}
	if m.counts == before {
		return s, true
	}
	data, err := json.Marshal(copied)
	return string(data), err == nil
}
