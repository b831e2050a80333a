package endpoints

import (
	"context"
	"errors"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/podconn"
	"github.com/kubectl-choreo/kubectl-choreo/internal/probe"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// pollInterval is the time between two requests to an endpoint that does not answer as it should.
const pollInterval = time.Second

// Prober requests the endpoints of components until each answers as expected, or Retrying ends.
type Prober struct {
	*probe.Prober
	Source   *kube.Source    // nil where a file is judged
	Retrying context.Context // ends when no request is repeated; those under way go on
	Once     bool            // no request is repeated at all
}

// Component probes all endpoints of one component.
func (p Prober) Component(ctx context.Context, s *facts.Snapshot, t *trace.Trace) []facts.Probe {
	var all []facts.Probe
	for _, e := range t.Environments {
		if e.Verdict == trace.VerdictSuspended {
			continue
		}
		var probes []facts.Probe
		for _, name := range endpointNames(e) {
			probes = append(probes, p.endpoint(ctx, s, e, name)...)
		}
		if len(probes) == 0 && len(e.Endpoints) > 0 {
			probes = []facts.Probe{{Environment: e.Name, URL: e.Endpoints[0].URL, NotSent: "none of its endpoints speaks HTTP"}}
		}
		all = append(all, probes...)
	}
	return all
}

// endpointNames are those of an environment, each once.
func endpointNames(e trace.Environment) []string {
	var names []string
	for _, a := range e.Endpoints {
		if !slices.Contains(names, a.Name) {
			names = append(names, a.Name)
		}
	}
	return names
}

// The visibilities of an endpoint that matter here: whether anybody can reach it, or the cell only.
const (
	outside = "external"
	inside  = "project"
)

// endpoint requests the external URLs of an endpoint, or, where it has none, a pod behind its Service. It returns a Probe for each
// address that can be requested.
func (p Prober) endpoint(ctx context.Context, s *facts.Snapshot, e trace.Environment, name string) []facts.Probe {
	var all []facts.Probe
	for _, a := range addresses(e, name, outside) {
		a.URL = p.At(a.URL)
		all = append(all, probed(e.Name, a, "", p.request(ctx, p.Prober, a.URL)))
	}
	if len(all) > 0 {
		return all
	}
	for _, a := range addresses(e, name, inside) {
		all = append(all, p.pod(ctx, s, e.Name, a))
	}
	return all
}

// addresses of an endpoint that can be requested, of one visibility.
func addresses(e trace.Environment, name, visibility string) []trace.Address {
	return slices.DeleteFunc(slices.Clone(e.Endpoints), func(a trace.Address) bool {
		return a.Name != name || a.Visibility != visibility || !probe.Probeable(a.URL)
	})
}

// pod requests a pod behind a Service through the API server. That it cannot be reached that way shows nothing about the endpoint.
func (p Prober) pod(ctx context.Context, s *facts.Snapshot, environment string, a trace.Address) facts.Probe {
	b, err := findBackend(s, a.URL)
	a.URL = p.At(a.URL)
	if err == nil {
		answer := p.request(ctx, p.Through(p.forwardTo(b)), a.URL)
		if err = answer.Err; !podconn.IsForbidden(err) && !errors.Is(err, errNoCluster) {
			return probed(environment, a, b.pod.Namespace+"/"+b.pod.Name, answer)
		}
	}
	return facts.Probe{Environment: environment, Endpoint: a.Name, URL: a.URL, NotSent: err.Error(), Forbidden: podconn.IsForbidden(err)}
}

// request repeats a request until the answer is right. The first one is made whatever time is left.
func (p Prober) request(ctx context.Context, through *probe.Prober, url string) (answer probe.Answer) {
	_ = wait.PollUntilContextCancel(p.Retrying, pollInterval, true, func(context.Context) (bool, error) {
		answer = through.Get(ctx, url)
		return answer.OK || p.Once || podconn.IsForbidden(answer.Err), nil
	})
	return answer
}

// probed is the answer of an address.
func probed(environment string, a trace.Address, through string, answer probe.Answer) facts.Probe {
	one := facts.Probe{Environment: environment, Endpoint: a.Name, URL: a.URL, Through: through, OK: answer.OK, Status: answer.Status, Took: answer.Took}
	if answer.Err != nil {
		one.Error = answer.Err.Error()
	}
	return one
}
