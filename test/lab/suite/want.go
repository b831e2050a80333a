package suite

import (
	"fmt"
	"strings"
)

// Want is what a trace must say.
type Want struct {
	Exit              int
	Verdict           string // "*" is not checked
	Rung, Environment string // of the failing rung; "" when nothing fails
	Code              string
	Kind, Object      string // of the object to blame; TENANT represents the namespace
	Message           string // part of it; the controller's own words
	Waits             string // the topmost rung that is progressing; "" is not checked
	Finds             string // a code that is beside the failing one, on any rung; "" is not checked
	Says              string // words that stand anywhere in the JSON form
}

// Check returns how the trace of a component in a namespace differs.
func (w Want) Check(got Traced, exit int, namespace string) error {
	if exit != w.Exit || (got.Verdict != w.Verdict && w.Verdict != "*") {
		return fmt.Errorf("exit %d, verdict %s, failing %+v; want exit %d, verdict %s, code %s", exit, got.Verdict, got.Failing, w.Exit, w.Verdict, w.Code)
	}
	if at := got.waitsAt(); w.Waits != "" && at != w.Waits {
		return fmt.Errorf("it waits at %q, want %q", at, w.Waits)
	}
	if w.Finds != "" && !got.finds(w.Finds) {
		return fmt.Errorf("it does not find %s", w.Finds)
	}
	if !strings.Contains(got.Text, w.Says) {
		return fmt.Errorf("it does not say %q", w.Says)
	}
	if (got.Failing == nil) != (w.Rung == "") {
		return fmt.Errorf("failing %+v, want rung %q", got.Failing, w.Rung)
	}
	if got.Failing == nil {
		return nil
	}
	return w.blames(*got.Failing, namespace)
}

func (w Want) blames(f Failing, namespace string) error {
	have := []string{f.Rung, f.Environment, f.Code, f.Object.Kind, f.Object.Name}
	must := []string{w.Rung, w.Environment, w.Code, w.Kind, InTenant(w.Object, namespace)}
	for i := range must {
		if must[i] != have[i] && must[i] != "*" {
			return fmt.Errorf("failing %v, want %v\n%s", have, must, f.Message)
		}
	}
	if !strings.Contains(f.Message, InTenant(w.Message, namespace)) {
		return fmt.Errorf("message %q, want %q in it", f.Message, w.Message)
	}
	return nil
}

// InTenant replaces TENANT by a namespace.
func InTenant(s, namespace string) string { return strings.ReplaceAll(s, "TENANT", namespace) }
