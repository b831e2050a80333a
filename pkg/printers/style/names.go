package style

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/util/duration"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Sentence begins with a capital, unless its first word is a field or a file, and ends with a full stop, or with the
// question mark that is there.
func Sentence(s string) string {
	if s == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(s)
	rest := strings.TrimSuffix(s[size:], ".")
	if !strings.HasSuffix(rest, "?") {
		rest += "."
	}
	if word, _, _ := strings.Cut(s, " "); strings.ContainsAny(strings.TrimRight(word, ",;:"), "./_$") {
		return s[:size] + rest
	}
	return string(unicode.ToUpper(first)) + rest
}

// Place is a rung, and the environment it belongs to.
func Place(rung trace.RungID, environment string) string {
	if environment == "" {
		return string(rung)
	}
	return string(rung) + " (" + escape.Line(environment) + ")"
}

// ObjectNames are those of objects, the kind said once where all are of one.
func ObjectNames(refs []facts.Ref) string {
	var all []string
	for _, ref := range refs {
		all = append(all, ObjectName(ref))
	}
	return strings.Join(all, ", ")
}

// Seconds is a duration, with tenths of a second while it is short.
func Seconds(d time.Duration) string {
	if d >= 100*time.Second {
		return d.Round(time.Second).String()
	}
	return fmt.Sprintf("%.1fs", d.Seconds())
}

// PriorChange is a change before a failure, with the distance between them.
func PriorChange(c trace.PriorChange) string {
	if c.BeforeSeconds < 1 {
		return "Changed just before the failure, possibly the cause: " + c.Message
	}
	before := duration.HumanDuration(time.Duration(c.BeforeSeconds) * time.Second)
	return "Changed " + before + " before the failure, possibly the cause: " + c.Message
}

// SortedRefs returns refs in their order.
func SortedRefs(refs []facts.Ref) []facts.Ref {
	return slices.SortedFunc(slices.Values(refs), facts.Ref.Compare)
}

// ObjectName is how an object is called in a sentence.
func ObjectName(ref facts.Ref) string {
	if ref.IsZero() {
		return ""
	}
	name := escape.Line(ref.String())
	// In a single cluster the plane is called default; there it would only be noise.
	if ref.Plane != facts.Control && ref.Plane != "" && ref.Plane != "default" {
		name += ", on data plane " + escape.Line(string(ref.Plane))
	}
	return name
}

// Origin is where a wanted revision is from.
func Origin(from facts.RevisionOrigin) string {
	switch from {
	case facts.FromFlag:
		return "--revision"
	case facts.FromClone:
		return "HEAD of the clone"
	case facts.FromRemote:
		return "head of the remote"
	case facts.FromSource:
		return "last fetched"
	}
	return escape.Line(string(from))
}

// OutcomeWords reports why there is nothing to show of an object, a list or a log.
func OutcomeWords(outcome facts.Outcome, reason string) string {
	words := map[facts.Outcome]string{
		facts.NotAsked: "not read", facts.Absent: "not found", facts.Forbidden: "forbidden",
		facts.NoKind: "the cluster does not serve this kind", facts.Unreachable: "no answer", facts.Invalid: "invalid reference, not requested",
	}[outcome]
	if reason != "" {
		words += ": " + escape.Line(reason)
	}
	return words
}

// Revision shortens a Flux revision: seven characters of the commit, and the ref before it if withRef is true.
func Revision(revision string, withRef bool) string {
	ref, digest, found := strings.Cut(revision, "sha1:")
	if !found {
		return escape.Line(revision)
	}
	short := facts.Short(digest)
	if ref = strings.TrimSuffix(ref, "@"); withRef && ref != "" {
		return escape.Line(ref + "@" + short)
	}
	return escape.Line(short)
}

// IsCommit reports whether a rung's revision is a commit; releases already stand in the summary.
func IsCommit(revision string) bool { return strings.Contains(revision, "sha1:") }
