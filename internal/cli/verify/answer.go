package verify

import (
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

const verifyExitHelp = `Exit codes, the worst of all components:
  0    all components passed
  1    error: usage, no cluster, component not found
  2    a component failed
  3    not ready: timed out, or, with --timeout 0, still progressing
  4    unknown: an object was forbidden or unreachable
  130  interrupted
  143  terminated`

// answer prints what came of it, and returns its exit code.
func (v *verifying) answer() error {
	r := v.report()
	return v.Answer(v.streams, r, notPassed(r.Results), r.Ended)
}

// notPassed are the components that have not passed.
func notPassed(results []verify.Result) []facts.Ref {
	var refs []facts.Ref
	for _, one := range results {
		if one.Decision != verify.Passed {
			refs = append(refs, cmdutil.ComponentRef(one.Trace.Subject))
		}
	}
	return refs
}

func (v *verifying) report() printers.VerifyReport {
	r := printers.VerifyReport{Begun: v.begun, Ended: time.Now(), Gate: v.gate()}
	switch {
	case v.reader.Snapshot != "":
		r.Ended = v.begun // the content of a file depends on nothing but the file
	case v.reader.Source != nil:
		r.Begun, r.Ended = v.reader.Source.ByCluster(r.Begun), v.reader.Source.ByCluster(r.Ended)
	}
	for _, c := range v.all {
		r.Late = r.Late || (v.timeout > 0 && !c.final)
		result := c.observed
		result.Trace, result.Judgement, result.Probes = c.trace, c.judgement.WithSteps(c.trace), c.probes
		r.Results = append(r.Results, result)
	}
	r.Causes = verify.Causes(r.Results)
	return r
}
