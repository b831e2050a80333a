package findings

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const (
	maxLine     = 110 // characters of a line of prose
	maxSentence = 24  // words
)

// formFaults are the rules for the form of a page that this page breaks.
func formFaults(code, page string) []string {
	form := `(?s)^# ` + code + "\n\n[A-Z].*?\\.\\sRung: `[a-z]+`\\.\n\n" +
		`## Meaning\n\n[^\n#-].*\n\n## Causes\n\n- .*\n\n## Fix\n\n[^\n#].*\n(\n## Example\n\n\S.*\n)?$`
	var faults []string
	if !regexp.MustCompile(form).MatchString(page) {
		faults = append(faults, "want a title, a sentence with its rung, Meaning, a list of Causes, Fix, and perhaps Example")
	}
	page = WithoutExample(page)
	if n := strings.Count(page, "\n## "); n != 3 {
		faults = append(faults, fmt.Sprintf("%d sections before the example, want 3", n))
	}
	block := regexp.MustCompile("(?s)```sh\n(.*?)\n```\n")
	var commands []string
	for _, at := range block.FindAllStringSubmatchIndex(page, -1) {
		commands = append(commands, strings.Split(page[at[2]:at[3]], "\n")...)
		before := strings.Split(page[:at[0]], "\n\n")
		if len(before) < 2 || !isRoleLine(before[len(before)-2]) || before[len(before)-1] != "" {
			faults = append(faults, fmt.Sprintf("before the block of %q: want a line with nothing but a role", page[at[2]:at[3]]))
		}
	}
	prose := block.ReplaceAllString(page, "")
	if strings.Contains(prose, "```") {
		faults = append(faults, "want blocks from ```sh to ```, each at the start of a line")
	}
	return slices.Concat(faults, commandFaults(commands), proseFaults(prose))
}

// isRoleLine reports whether a paragraph is a line before a block, and nothing else.
func isRoleLine(paragraph string) bool {
	step := stepOf(paragraph, trace.NextStep{})
	return step.Role != "" && paragraph == RoleLine(step)
}

func commandFaults(commands []string) []string {
	program := regexp.MustCompile(`^(kubectl|flux|occ|git|argocd|helm|sops|kubeseal) [^ ]`)
	unclear := regexp.MustCompile(`\\$| #|<[a-z]|[A-Z]-[A-Z]|\bNS\b|…|\.\.\.`)
	var faults []string
	fillable := false
	for _, line := range commands {
		if !program.MatchString(line) {
			faults = append(faults, fmt.Sprintf("%q does not begin with one of the programs", line))
		}
		if unclear.MatchString(line) {
			faults = append(faults, fmt.Sprintf("%q: want one line without comment, and placeholders like OBJECT_NAMESPACE", line))
		}
		fillable = fillable || (isFillable(line) && !strings.HasPrefix(line, "kubectl choreo explain"))
	}
	if !fillable {
		faults = append(faults, "want a command, other than explain, whose placeholders a trace can fill in")
	}
	return faults
}

// isFillable is true where a trace knows the values of all placeholders of a command. A person chooses any other.
func isFillable(line string) bool {
	return !slices.ContainsFunc(command.Placeholders(line), func(word string) bool { return !slices.Contains(Placeholders(), word) })
}

func proseFaults(prose string) []string {
	var faults []string
	for line := range strings.SplitSeq(prose, "\n") {
		if len([]rune(line)) > maxLine {
			faults = append(faults, fmt.Sprintf("longer than %d characters: %s", maxLine, line))
		}
	}
	// Code is one word, whatever it contains: it may be a controller's own message.
	prose = regexp.MustCompile("`[^`]*`").ReplaceAllString(prose, "CODE")
	// Expressions that a reader whose first language is not English may not know.
	banned := regexp.MustCompile(`(?i)\b(nobody|by itself|look(s|ed|ing)? (at|again)|ask(s|ed|ing)?|say(s|ing)?|said|tell(s|ing)?|told|` +
		`heal(s|ed|ing)?|mend(s|ed|ing)?|wakes?|waking|woken?|stand(s|ing)?|stood|in order|what (is|are|was|were))\b`)
	for _, expression := range banned.FindAllString(strings.Join(strings.Fields(prose), " "), -1) {
		faults = append(faults, fmt.Sprintf("%q is not an expression for a page", expression))
	}
	for _, sentence := range regexp.MustCompile(`([.?!:;]\s|\n\n)([-#]+ )?|\n[-#]+ `).Split(prose, -1) {
		if words := strings.Fields(sentence); len(words) > maxSentence {
			faults = append(faults, fmt.Sprintf("%d words, want at most %d: %s", len(words), maxSentence, strings.Join(words, " ")))
		}
	}
	return faults
}

func TestFormFaults(t *testing.T) {
	t.Parallel()
	const page = "# Sample\n\nThe Pod `a` is late. Rung: `pod`.\n\n## Meaning\n\nOld pods keep serving.\n\n## Causes\n\n- A node.\n\n" +
		"## Fix\n\nRead the log.\n\nAs application developer:\n\n```sh\nkubectl logs POD -n CELL_NAMESPACE\n```\n"
	if diff := cmp.Diff([]string(nil), formFaults("Sample", page)); diff != "" {
		t.Errorf("a good page (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string(nil), formFaults("Sample", page+"\n## Example\n\n```\nIt looks at NS.\n```\n")); diff != "" {
		t.Errorf("a page with an example (-want +got)\n%s", diff)
	}
	for name, c := range map[string]struct{ old, replacement, want string }{
		"NoRung":         {"Rung: `pod`.", "", "want a title, a sentence with its rung, Meaning, a list of Causes, Fix, and perhaps Example"},
		"NoMeaning":      {"Meaning", "Causes", "want a title, a sentence with its rung, Meaning, a list of Causes, Fix, and perhaps Example"},
		"CausesNoList":   {"- A", "A", "want a title, a sentence with its rung, Meaning, a list of Causes, Fix, and perhaps Example"},
		"FourSections":   {"- A node.\n", "- A node.\n\n## See also\n\nB.\n", "4 sections before the example, want 3"},
		"NoRole":         {"developer:", "developer or anybody:", "before the block of \"kubectl logs POD -n CELL_NAMESPACE\": want a line with nothing but a role"},
		"RoleInText":     {"log.\n\nAs", "log.\nAs", "before the block of \"kubectl logs POD -n CELL_NAMESPACE\": want a line with nothing but a role"},
		"NoLanguage":     {"```sh\n", "```\n", "want blocks from ```sh to ```, each at the start of a line"},
		"Program":        {"kubectl logs", "sudo kubectl logs", "\"sudo kubectl logs POD -n CELL_NAMESPACE\" does not begin with one of the programs"},
		"Prompt":         {"kubectl logs", "$ kubectl logs", "\"$ kubectl logs POD -n CELL_NAMESPACE\" does not begin with one of the programs"},
		"Continued":      {"logs POD", "logs \\\nPOD", "\"kubectl logs \\\\\": want one line without comment, and placeholders like OBJECT_NAMESPACE"},
		"Hyphen":         {"CELL_", "CELL-", "\"kubectl logs POD -n CELL-NAMESPACE\": want one line without comment, and placeholders like OBJECT_NAMESPACE"},
		"LowerCase":      {"POD", "<pod>", "\"kubectl logs <pod> -n CELL_NAMESPACE\": want one line without comment, and placeholders like OBJECT_NAMESPACE"},
		"OnlyExplain":    {"logs POD -n CELL_NAMESPACE", "choreo explain Sample", "want a command, other than explain, whose placeholders a trace can fill in"},
		"OnlyForAPerson": {"POD", "IMAGE", "want a command, other than explain, whose placeholders a trace can fill in"},
		"Banned":         {"Old pods", "Nobody looks\nat the pods: they", "\"looks at\" is not an expression for a page"},
		"LongLine":       {"A node.", strings.Repeat("a", 109), "longer than 110 characters: - " + strings.Repeat("a", 109)},
		"LongSentence":   {"A node.", strings.Repeat("a ", 25), "25 words, want at most 24: " + strings.TrimSpace(strings.Repeat("a ", 25))},
	} {
		broken := strings.Replace(page, c.old, c.replacement, 1)
		if got := formFaults("Sample", broken); broken == page || !slices.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q among them", name, got, c.want)
		}
	}
}
