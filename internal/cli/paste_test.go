//go:build !race

package cli

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// hostileNames are appended to every name; a shell must see them as part of one word, or not at all.
var hostileNames = []string{
	";touch paste", "$(touch paste)", "`touch paste`", " && touch paste", "\ntouch paste", "'; touch paste; '", `"; touch paste; "`, "|touch paste",
	" --everything", "\u202etouch", "\u2019; touch paste", "#", "*", "{a,b}", "~", "\\", "%s", "\x00", "!!", ">paste",
}

// renamed is a snapshot with a text added to every name in it.
type renamed struct {
	names  map[string]bool
	suffix string
	first  bool // the text stands before the name: it may look like a flag
}

func (r renamed) name(s string) string {
	switch {
	case !r.names[s]:
		return s
	case r.first:
		return r.suffix + s
	}
	return s + r.suffix
}

func (r renamed) ref(ref facts.Ref) facts.Ref {
	ref.Name, ref.Namespace, ref.Plane = r.name(ref.Name), r.name(ref.Namespace), facts.Plane(r.name(string(ref.Plane)))
	return ref
}

func (r renamed) value(v any) any {
	switch v := v.(type) {
	case string:
		return r.name(v)
	case []any:
		for i := range v {
			v[i] = r.value(v[i])
		}
	case map[string]any:
		for key := range v {
			if key != "kind" && key != "apiVersion" && key != "type" && key != "status" {
				v[key] = r.value(v[key])
			} else if _, leaf := v[key].(string); !leaf {
				v[key] = r.value(v[key])
			}
		}
	}
	return v
}

var labelValue = regexp.MustCompile(`=[^,]+`)

func (r renamed) query(q facts.Query) facts.Query {
	q.Namespace, q.Owner, q.Plane = r.name(q.Namespace), r.name(q.Owner), facts.Plane(r.name(string(q.Plane)))
	q.Labels = labelValue.ReplaceAllStringFunc(q.Labels, func(v string) string { return "=" + r.name(v[1:]) })
	return q
}

// withHostileNames renames everything in s.
func withHostileNames(s *facts.Snapshot, suffix string, first bool) *facts.Snapshot {
	r := renamed{names: map[string]bool{s.Subject.Component: true, s.Subject.Namespace: true}, suffix: suffix, first: first}
	for _, o := range s.Objects() {
		r.names[o.Ref.Name] = true
		r.names[o.Ref.Namespace] = true
		if o.Ref.Plane != facts.Control {
			r.names[string(o.Ref.Plane)] = true
		}
	}
	delete(r.names, "")
	subject := s.Subject
	subject.Component, subject.Namespace, subject.Project = r.name(subject.Component), r.name(subject.Namespace), r.name(subject.Project)
	subject.Environments = slices.Clone(subject.Environments)
	for i, e := range subject.Environments {
		subject.Environments[i] = r.name(e)
	}
	evil := facts.New(subject, s.TakenAt)
	evil.Wanted = s.Wanted
	for _, o := range s.Objects() {
		o.Ref = r.ref(o.Ref)
		if o.Body != nil {
			o.Body = &unstructured.Unstructured{Object: r.value(o.Body.DeepCopy().Object).(map[string]any)}
		}
		evil.Put(o)
	}
	for _, l := range s.Lists() {
		l.Query, l.Items = r.query(l.Query), slices.Clone(l.Items)
		for i, item := range l.Items {
			l.Items[i] = r.ref(item)
		}
		evil.PutList(l, nil)
	}
	return evil
}

// suggested are all commands of a trace.
func suggested(t *trace.Trace) []string {
	var commands []string
	all := slices.Clone(t.Rungs)
	for _, e := range t.Environments {
		all = append(all, e.Rungs...)
	}
	for _, r := range all {
		for _, f := range r.Findings {
			commands = append(commands, f.Next...)
		}
	}
	return commands
}

// TestHostileNamesInCommands gives every name of every scenario a text that a shell would obey, and has a real shell split what is then
// suggested: it must find as many words as with harmless names, and run nothing.
func TestHostileNamesInCommands(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no shell")
	}
	entries, err := os.ReadDir(scenarioDir)
	if err != nil {
		t.Fatal(err)
	}
	var commands []string
	for i, e := range entries {
		s := factstest.Scenario(t, e.Name())
		suffix := hostileNames[i%len(hostileNames)]
		commands = append(commands, suggested(assess.Assess(s, s.TakenAt))...)
		for _, command := range suggested(assess.Assess(withHostileNames(s, suffix, false), s.TakenAt)) {
			commands = append(commands, command, strings.ReplaceAll(command, suffix, ""))
		}
		for _, command := range suggested(assess.Assess(withHostileNames(s, "--flag=", true), s.TakenAt)) {
			if strings.Contains(command, " --flag=") {
				t.Errorf("%s: a name may become a flag: %s", e.Name(), command)
			}
		}
	}
	words := countWords(t, shell, commands)
	if len(words) != len(commands) || len(commands) < len(entries) {
		t.Fatalf("%d commands, of which a shell ran %d", len(commands), len(words))
	}
	for i, line := range commands {
		plain := line
		for _, suffix := range hostileNames {
			plain = strings.ReplaceAll(plain, suffix, "")
		}
		if want := len(command.Words(plain)) - 1; words[i] != want {
			t.Errorf("%d words, want %d: %s", words[i], want, line)
		}
	}
}

// countWords runs the commands in a shell in which their programs only count their arguments.
func countWords(t *testing.T, shell string, commands []string) []int {
	t.Helper()
	script := "count() { echo $#; }\nkubectl() { count \"$@\"; }\nflux() { count \"$@\"; }\nargocd() { count \"$@\"; }\nocc() { count \"$@\"; }\ngit() { count \"$@\"; }\nhelm() { count \"$@\"; }\nkubeseal() { count \"$@\"; }\nsops() { count \"$@\"; }\n" + strings.Join(commands, "\n") + "\n"
	cmd := exec.CommandContext(t.Context(), shell)
	cmd.Dir, cmd.Stdin = t.TempDir(), strings.NewReader(script)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if left, _ := os.ReadDir(cmd.Dir); len(left) > 0 {
		t.Errorf("a command was run: it left %s", left[0].Name())
	}
	var words []int
	for line := range strings.Lines(string(out)) {
		n, err := strconv.Atoi(strings.TrimSpace(line))
		if err != nil {
			t.Errorf("the shell says %q", line)
		}
		words = append(words, n)
	}
	return words
}
