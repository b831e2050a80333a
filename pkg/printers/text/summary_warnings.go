package text

import (
	"regexp"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Explained are the findings of a healthy trace that its conclusion explains, each with its rung: one warning of each of three codes. If the trace
// is behind, only what holds the wanted revision back counts, such as a paused rollout: the other warnings are not the reason.
func Explained(t *trace.Trace) []PlacedRung {
	if _, f := NotDeployed(t); f != nil {
		return nil // the conclusion is about this finding
	}
	var all []PlacedRung
	codes, isBehind := map[trace.Code]bool{}, false
	each(t, func(r trace.Rung, environment string) {
		isTopmost := !isBehind && r.Current == trace.Behind
		isBehind = isBehind || r.Current == trace.Behind
		isSkipped := func(f trace.Finding) bool {
			if t.Current == trace.Behind {
				return !isTopmost || !holdsBack(f)
			}
			if f.Severity != trace.Warning || codes[f.Code] || len(codes) == 3 {
				return true
			}
			codes[f.Code] = true
			return false
		}
		if r.Findings = slices.DeleteFunc(slices.Clone(r.Findings), isSkipped); len(r.Findings) > 0 {
			all = append(all, PlacedRung{r, environment})
		}
	})
	return all
}

// holdsBack reports whether a healthy object with this warning keeps the revision before until a person acts.
func holdsBack(f trace.Finding) bool {
	return f.Code == trace.CodeRolloutPaused || f.Code == trace.CodeSecretNotSynced
}

// explain prints what these findings mean, and what to run.
func (p conclusion) explain(t *trace.Trace) {
	for _, r := range Explained(t) {
		for _, f := range r.Findings {
			p.AddIndented(style.Sentence(aboutObject(f)), 2)
			p.AddIndented(style.Sentence(f.Hint), 2)
			p.AddCommands(style.Commands(f))
		}
	}
}

// aboutObject is the message of a finding with its object, which is the subject of many messages.
func aboutObject(f trace.Finding) string {
	message, object := escape.Line(style.Shorten(f.Message)), style.ObjectName(f.Object)
	namesObject := regexp.MustCompile(`(?:^|\s)` + regexp.QuoteMeta(object) + `(?:$|[\s,:;.])`).MatchString(message)
	if message == "" || object == "" || namesObject {
		return message
	}
	return object + ": " + message
}

// Verdict is the conclusion of a healthy trace without the findings that it explains.
func Verdict(t *trace.Trace, o style.Options) []string {
	p := newTree(o)
	conclusion{p}.healthy(t)
	return p.Lines
}
