package trace

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func (p *place) judgeGatewayAPI(j *judgement, o facts.Object) *judgement {
	if o.Ref.Kind == "Gateway" {
		return p.judgeConditions(j, o, CodeGatewayNotReady, "Programmed", "Accepted")
	}
	return p.judgeRoute(j, o)
}

// judgeRoute: each gateway that answers for a route writes its own conditions (gateway-api v1.5 apis/v1
// shared_types.go). With no entry at all nobody claims it: no gateway controller runs, or none has that Gateway.
func (p *place) judgeRoute(j *judgement, o facts.Object) *judgement {
	parents := kinds.Items(o.Body, "status", "parents")
	if len(parents) == 0 {
		return p.unclaimed(j, o)
	}
	for _, parent := range parents {
		status := &unstructured.Unstructured{Object: map[string]any{"status": parent}}
		for _, name := range []string{"Accepted", "ResolvedRefs"} {
			c := kinds.ConditionOf(status, name)
			if !c.False() {
				continue
			}
			if c.Reason == "Pending" && p.within(since(c), routeClock) {
				return j.wait(since(c), "%s: %s", o.Ref.Kind, c.Reason)
			}
			j.Summary = fmt.Sprintf("%s: %s", o.Ref.Kind, c.Reason)
			f := Finding{
				Code: CodeRouteNotAccepted, Message: c.Message, Since: since(c), Evidence: quote(c),
				Hint: "the gateway does not serve this route, whatever its address says",
			}
			p.gatewayOf(&f, o)
			return j.fail(f)
		}
	}
	return j.ok("%s", o.Ref.Kind)
}

// gatewayOf follows a refused route to its Gateway, where that is not in order itself.
func (p *place) gatewayOf(f *Finding, route facts.Object) {
	for _, parent := range kinds.Items(route.Body, "spec", "parentRefs") {
		ref := facts.Ref{
			Plane: route.Ref.Plane, Group: kinds.GatewayAPI, Kind: "Gateway",
			Namespace: orElse(kinds.String(parent, "namespace"), route.Ref.Namespace), Name: kinds.String(parent, "name"),
		}
		gateway := p.Object(ref)
		switch {
		case gateway.Outcome == facts.Absent && p.planeIsHere():
			f.Hint = fmt.Sprintf("%s does not exist", ref)
		case kinds.ConditionOf(gateway.Body, "Programmed").False():
			c := kinds.ConditionOf(gateway.Body, "Programmed")
			f.Code, f.Path, f.Object = CodeGatewayNotReady, []facts.Ref{route.Ref}, ref
			f.Message, f.Since, f.Evidence = c.Message, since(c), quote(c)
		}
	}
}

// unclaimed is a warning and no failure: the pods run, and many clusters reach them otherwise.
func (p *place) unclaimed(j *judgement, o facts.Object) *judgement {
	if !p.within(p.appliedAt(), routeClock) {
		j.note(Info, Finding{
			Code: CodeRouteUnclaimed, Message: fmt.Sprintf("no gateway answers for %s", o.Ref), Since: p.appliedAt(),
			Hint: "status.parents is empty: no gateway controller runs on the plane, or none has the Gateway that the route names",
		})
	}
	return j.ok("%s", o.Ref.Kind)
}
