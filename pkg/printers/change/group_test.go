package change

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestLines: changes that differ only in their component are one line, which names the first of them; all else has its own.
func TestLines(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	ok := &Standing{State: "OK", Current: trace.Current}
	of := func(name, environment, state string, code trace.Code) Change {
		return Change{Time: at, Namespace: "shop", Component: name, Environment: environment, From: ok, To: Standing{State: state, Current: trace.Current}, Code: code, Message: "why"}
	}
	all := []Change{of("solo\x1b", "development", "Failed", "X")}
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		all = append(all, of(name, "", "Failed", "Y"))
	}
	all = append(all, of("a", "staging", "OK", ""), of("b", "staging", "Progressing", ""))
	want := []string{
		`12:00:00  solo\x1b: development  ok -> failed: X: why`,
		"12:00:00  7 components  ok -> failed: Y: why (a, b, c, d, e and 2 more)",
		"12:00:00  a: staging  ok: why",
		"12:00:00  b: staging  ok -> progressing: why",
	}
	if diff := cmp.Diff(want, Lines(style.Options{ASCII: true}, all, false)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := Lines(style.Options{}, all[:1], true)[0]; got != `12:00:00  shop/solo\x1b: development  ok → failed: X: why` {
		t.Errorf("qualified: %s", got)
	}
}

// TestKeyOf: changes with another environment, state, message, code or object are not of one cause; those of another component are.
func TestKeyOf(t *testing.T) {
	t.Parallel()
	base := Change{Component: "a", Environment: "dev", To: Standing{State: "Failed"}, Message: "m", Code: "X"}
	for name, change := range map[string]func(*Change){
		"Environment": func(c *Change) { c.Environment = "prod" }, "To": func(c *Change) { c.To.State = "OK" }, "From": func(c *Change) { c.From = &Standing{State: "OK"} },
		"Message": func(c *Change) { c.Message = "n" }, "Code": func(c *Change) { c.Code = "Y" }, "Object": func(c *Change) { c.Object.Name = "o" },
	} {
		other := base
		if change(&other); keyOf(other) == keyOf(base) {
			t.Errorf("%s makes no difference", name)
		}
	}
	same := base
	if same.Component = "b"; keyOf(same) != keyOf(base) {
		t.Error("the component makes a difference")
	}
}
