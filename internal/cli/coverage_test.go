package cli

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/docs/findings"
)

const (
	coverageFile     = "../../docs/coverage.md"
	scenariosBegin   = "<!-- scenarios:begin -->\n"
	scenariosEnd     = "<!-- scenarios:end -->\n"
	systemsBegin     = "<!-- systems:begin -->\n"
	systemsEnd       = "<!-- systems:end -->\n"
	withoutRecording = "## Codes without a complete recording\n"
)

func coverage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(coverageFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestCoverage holds the tables of scenarios and of systems in docs/coverage.md.
func TestCoverage(t *testing.T) {
	all := recordings(t)
	current := between(t, coverage(t), scenariosBegin, scenariosEnd, scenarioTable(all))
	current = between(t, current, systemsBegin, systemsEnd, systemTable(all))
	if *update {
		if err := os.WriteFile(coverageFile, []byte(current), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(coverage(t), current); diff != "" {
		t.Errorf("docs/coverage.md is not current; write it with make golden (-have +want)\n%s", diff)
	}
}

// between replaces what text has between two lines.
func between(t *testing.T, text, begin, end, table string) string {
	t.Helper()
	before, rest, begins := strings.Cut(text, begin)
	_, after, ends := strings.Cut(rest, end)
	if !begins || !ends {
		t.Fatalf("%s has no place for the table: want a line %s and a line %s", coverageFile, begin, end)
	}
	return before + begin + table + end + after
}

func scenarioTable(all []recording) string {
	var table strings.Builder
	table.WriteString("| scenario | injected fault | verdict | rung | environment | object | code |\n|---|---|---|---|---|---|---|\n")
	for _, r := range all {
		f := recordedFinding{}
		if r.trace.Failing != nil {
			f = *r.trace.Failing
		}
		cells := []string{r.name, r.fault, r.trace.Verdict, f.Rung, f.Environment, strings.TrimSpace(f.Object.Kind + " " + f.Object.Name), f.Code}
		for i, cell := range cells {
			if cells[i] = strings.ReplaceAll(cell, "|", `\|`); cell == "" {
				cells[i] = "–"
			}
		}
		fmt.Fprintf(&table, "| %s |\n", strings.Join(cells, " | "))
	}
	return table.String()
}

// TestFaultsAreSentences: the table is read by people.
func TestFaultsAreSentences(t *testing.T) {
	t.Parallel()
	for _, r := range recordings(t) {
		if !regexp.MustCompile(`^[A-Za-z].*[A-Za-z0-9)]\.$`).MatchString(r.fault) || strings.Contains(r.fault, "\n") {
			t.Errorf("%s: the fault %q is not one sentence on one line", r.name, r.fault)
		}
	}
}

// TestEveryCodeHasScenarios: each code is found in a recording and is not found in another where all is well, or it is
// listed, with the reason, among those that only unit tests hold.
func TestEveryCodeHasScenarios(t *testing.T) {
	t.Parallel()
	all, listed := recordings(t), codesOfUnitTests(t)
	for _, code := range findings.Codes() {
		failing, clean := failingAndClean(all, code)
		switch recorded := failing != "" && clean != ""; {
		case recorded && slices.Contains(listed, code):
			t.Errorf("docs/coverage.md: remove %s from %q: it is found in scenario %s, and not in %s", code, strings.TrimSpace(withoutRecording), failing, clean)
		case recorded || slices.Contains(listed, code):
		case failing == "":
			t.Errorf("docs/coverage.md: add %s to %q: no scenario finds it", code, strings.TrimSpace(withoutRecording))
		default:
			t.Errorf("docs/coverage.md: add %s to %q: it is found in scenario %s, but there is none where the same kind is well", code, strings.TrimSpace(withoutRecording), failing)
		}
	}
	for i, code := range listed {
		if !slices.Contains(findings.Codes(), code) || slices.Contains(listed[:i], code) {
			t.Errorf("docs/coverage.md: remove %s from %q: there is no such code, or it is listed twice", code, strings.TrimSpace(withoutRecording))
		}
	}
}

// codesOfUnitTests reads the list, and holds that each code has a reason.
func codesOfUnitTests(t *testing.T) []string {
	t.Helper()
	_, section, found := strings.Cut(coverage(t), withoutRecording)
	if !found {
		t.Fatalf("docs/coverage.md has no heading %q", strings.TrimSpace(withoutRecording))
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var codes []string
	for _, row := range tableRows(section) {
		if len(row) != 2 || row[1] == "" {
			t.Errorf("docs/coverage.md: %s has no reason", row[0])
		}
		codes = append(codes, row[0])
	}
	return codes
}

// tableRows are the cells of all tables in text, without their heads.
func tableRows(text string) [][]string {
	var rows [][]string
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		head := i+1 < len(lines) && strings.HasPrefix(lines[i+1], "|--")
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|--") || head {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), " | ")
		for j := range cells {
			cells[j] = strings.TrimSpace(cells[j])
		}
		rows = append(rows, cells)
	}
	return rows
}

// TestCoverageNamesCodes: the tables of what is known to go wrong name codes that exist, or say why there is none.
func TestCoverageNamesCodes(t *testing.T) {
	t.Parallel()
	known, _, _ := strings.Cut(coverage(t), withoutRecording)
	for _, row := range tableRows(known) {
		named := regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[len(row)-1], -1)
		if len(row) != 2 || (len(named) == 0 && !strings.Contains(row[len(row)-1], ": ")) {
			t.Errorf("docs/coverage.md: %q names neither a code nor a reason", row)
		}
		for _, n := range named {
			if !slices.Contains(findings.Codes(), n[1]) {
				t.Errorf("docs/coverage.md: %q: there is no code %s", row[0], n[1])
			}
		}
	}
}
