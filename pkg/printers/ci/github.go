package ci

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
)

// WriteGitHub writes remarks as workflow commands, which GitHub Actions shows as annotations, on the line of the file where one is
// known. A command is one line: what could end it, or begin another, is encoded as the runner decodes it (actions/toolkit
// packages/core/src/command.ts).
func WriteGitHub(w io.Writer, remarks []Annotation) error {
	for _, r := range remarks {
		if _, err := fmt.Fprintf(w, "::%s %s::%s\n", annotation(r.Severity), properties(r), escape.GitHubData(strings.Join(r.lines(), "\n"))); err != nil {
			return fmt.Errorf("write annotations: %w", err)
		}
	}
	return nil
}

// gitHubLimit is how many annotations of each level GitHub shows for a step, of at most 50 for a job
// (github.com/orgs/community/discussions/26680).
const gitHubLimit = 10

// WithinGitHubLimits returns the annotations that GitHub shows, the first of each level, and the others.
func WithinGitHubLimits(all []Annotation) (shown, left []Annotation) {
	count := map[string]int{}
	for _, one := range all {
		level := annotation(one.Severity)
		if count[level]++; count[level] > gitHubLimit {
			left = append(left, one)
		} else {
			shown = append(shown, one)
		}
	}
	return shown, left
}

func annotation(severity string) string {
	switch severity {
	case "warning":
		return "warning"
	case "info":
		return "notice"
	}
	return "error"
}

func properties(r Annotation) string {
	var all []string
	if r.File != "" {
		all = append(all, "file="+escape.GitHubProperty(escape.Runes(r.File)))
		if r.Line > 0 {
			all = append(all, "line="+strconv.Itoa(r.Line))
		}
	}
	title := r.CodeOrUnknown()
	if r.Subject != "" {
		title += " (" + escape.Line(r.Subject) + ")"
	}
	return strings.Join(append(all, "title="+escape.GitHubProperty(title)), ",")
}
