package files

import (
	"bytes"
	"regexp"
	"strings"
)

var (
	// directive matches the beginning of a directive of Jinja, Helm or Go templates.
	directive = regexp.MustCompile(`\{%[-+]?\s*[a-z]|\{\{[-~]?\s*[a-zA-Z.$"]`)
	// header matches the first fields of an object.
	header = [2]*regexp.Regexp{regexp.MustCompile(`(?m)^apiVersion: *["']?[a-z]`), regexp.MustCompile(`(?m)^kind: *["']?[A-Z]`)}
	// hasTemplates matches the kinds whose fields are templates in braces. A template of such an object must escape its braces.
	hasTemplates = regexp.MustCompile(`(?m)^kind: *["']?(ApplicationSet|(Cluster)?WorkflowTemplate|(Cron)?Workflow|(Cluster)?Policy|PrometheusRule)\b`)
	// otherDirective matches directives of ERB and Mustache, and comments of Jinja.
	otherDirective = regexp.MustCompile(`<%|\{#|\{\{[#/^>&!]`)
)

// IsTemplate reports whether a file with the name of a YAML file is the template of one, such as that of an Ansible role. A template
// that is valid YAML as well is a manifest. So is an invalid file whose directives are all in values: the fields of an ApplicationSet, for
// example, are templates themselves, and rendering does not make the file valid.
func (f *Parsed) IsTemplate(name string) bool {
	text := f.Files[name]
	return f.Broken[name] != nil && directive.Match(text) && (!hasHeader(text) || !inValues(text))
}

// IsManifest reports whether an invalid file is evidently meant to be a manifest, and no template of one.
func (f *Parsed) IsManifest(name string) bool {
	return hasHeader(f.Files[name]) && !otherDirective.Match(f.Files[name]) && !f.IsTemplate(name) && !f.InChart(name)
}

func hasHeader(text []byte) bool { return header[0].Match(text) && header[1].Match(text) }

// position is where the directives of a line are.
type position int

const (
	noDirective position = iota
	inValue              // of text: in quotes, or after other text
	asValue              // the beginning of a value, without quotes, or with the same quotes inside
	alone                // between the fields
)

// inValues reports whether all directives of a text are in values. In an object whose fields are templates, one may be without quotes: that
// makes the file invalid.
func inValues(text []byte) bool {
	var count [alone + 1]int
	block := -1 // the column of the key or item with a block of text
	for line := range bytes.Lines(text) {
		written := strings.TrimRight(string(line), " \r\n")
		indent := len(written) - len(strings.TrimLeft(written, " "))
		switch {
		case block >= 0 && (indent > block || written == ""):
			continue
		case strings.HasPrefix(written[indent:], "#"):
			continue
		}
		var at position
		if at, block = positionIn(written); at == alone {
			return false
		}
		count[at]++
	}
	return count[asValue] == 0 || count[asValue] == 1 && count[inValue] > 0 && hasTemplates.Match(text)
}

var (
	items    = regexp.MustCompile(`^\s*(- +)*`)
	mapKey   = regexp.MustCompile(`^("[^"]*"|'[^']*'|[^\s"'\[\]{}#&*!|>%@,-][^#"']*?|-[^\s#"']*?) *:(\s+|$)`)
	blockOf  = regexp.MustCompile(`^([&!]\S+\s+)*[|>][-+0-9]*(\s+#.*)?$`)
	flowText = regexp.MustCompile(`"([^"\\]|\\.)*"|'[^']*'`)
	quoted   = regexp.MustCompile(`^"([^"\\]|\\.)*"|^'([^']|'')*'`)
	// flowValue matches a directive as an entry of a list or map in brackets.
	flowValue = regexp.MustCompile(`[\[{,:]\s*\{[{%]`)
)

// positionIn returns where the directives of a line are, and the column of its key or item if a block of text follows, else -1.
func positionIn(line string) (at position, block int) {
	column := len(items.FindString(line))
	isItem := strings.Contains(line[:column], "-")
	value := line[column:]
	key := mapKey.FindString(value)
	value = value[len(key):]
	if key == "" && isItem {
		column -= 2 // the text of an item may begin below its dash
	}
	if blockOf.MatchString(value) {
		return noDirective, column
	}
	found := directive.FindStringIndex(value)
	switch {
	case found == nil && !directive.MatchString(key):
		return noDirective, -1
	case found == nil:
		return inValue, -1
	case found[0] > 0 && !isInFlow(value) && !endsQuote(value):
		return inValue, -1
	case key == "" && !isItem:
		return alone, -1
	}
	return asValue, -1
}

// isInFlow reports whether a directive is an entry of a list or map in brackets.
func isInFlow(value string) bool {
	if !strings.HasPrefix(value, "[") && !strings.HasPrefix(value, "{") {
		return false
	}
	return flowValue.MatchString(flowText.ReplaceAllString(value, `""`))
}

// endsQuote reports whether a directive has the quote with which the value begins, as in "{{ a | default("b") }}".
func endsQuote(value string) bool {
	text := quoted.FindString(value)
	return strings.LastIndex(text, "{{") > strings.LastIndex(text, "}}")
}
