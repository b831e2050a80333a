package suite

import (
	"fmt"
	"strings"
)

// Want is the expected trace.
type Want struct {
	Exit              int
	Verdict           string // "*" matches any
	Rung, Environment string // of the failing rung; "" if none fails
	Code              string
	Kind, Object      string // of the failing finding; TENANT is the namespace, "*" matches any
	Message           string // part of the failing finding's message
	Progressing       string // the topmost progressing rung; "" matches any
	Finding           string // code of a further finding, on any rung; "" for none
	Contains          string // text anywhere in the JSON output
}

// Check returns an error if a trace of a component in a namespace does not match.
func (w Want) Check(got Trace, exit int, namespace string) error {
	if exit != w.Exit || (got.Verdict != w.Verdict && w.Verdict != "*") {
		return fmt.Errorf("exit %d, verdict %s, failing %+v; want exit %d, verdict %s, code %s", exit, got.Verdict, got.Failing, w.Exit, w.Verdict, w.Code)
	}
	if at := got.progressingRung(); w.Progressing != "" && at != w.Progressing {
		return fmt.Errorf("progressing rung %q, want %q", at, w.Progressing)
	}
	if w.Finding != "" && !got.hasFinding(w.Finding) {
		return fmt.Errorf("no finding %s", w.Finding)
	}
	if !strings.Contains(got.Text, w.Contains) {
		return fmt.Errorf("output does not contain %q", w.Contains)
	}
	if (got.Failing == nil) != (w.Rung == "") {
		return fmt.Errorf("failing %+v, want rung %q", got.Failing, w.Rung)
	}
	if got.Failing == nil {
		return nil
	}
	return w.checkFailing(*got.Failing, namespace)
}

func (w Want) checkFailing(f Failing, namespace string) error {
	got := []string{f.Rung, f.Environment, f.Code, f.Object.Kind, f.Object.Name}
	want := []string{w.Rung, w.Environment, w.Code, w.Kind, InTenant(w.Object, namespace)}
	for i := range want {
		if want[i] != got[i] && want[i] != "*" {
			return fmt.Errorf("failing %v, want %v\n%s", got, want, f.Message)
		}
	}
	if !strings.Contains(f.Message, InTenant(w.Message, namespace)) {
		return fmt.Errorf("message %q does not contain %q", f.Message, w.Message)
	}
	return nil
}

// InTenant replaces TENANT by the namespace.
func InTenant(s, namespace string) string { return strings.ReplaceAll(s, "TENANT", namespace) }
