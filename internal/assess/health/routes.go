package health

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/conditions"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// assessGatewayAPI judges the kinds of Gateway API (v1.5 apis). A policy such as BackendTLSPolicy answers for each ancestor as a
// route does for each parent.
func assessGatewayAPI(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	switch {
	case strings.HasSuffix(o.Ref.Kind, "Route"):
		return assessRoute(p, j, o)
	case strings.HasSuffix(o.Ref.Kind, "Policy"):
		return assessPolicy(p, j, o)
	}
	return conditions.Standard(p, j, o)
}

// assessRoute: each gateway that answers for a route writes its own conditions, one entry for each parentRef (gateway-api v1.5
// apis/v1 shared_types.go). Nobody takes an entry away whose controller is gone or whose parentRef was changed, so only
// those count that are for a parentRef of the spec and for this generation.
func assessRoute(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	entries := kinds.Items(o.Body, "status", "parents")
	var unanswered []string
	for _, parent := range kinds.Items(o.Body, "spec", "parentRefs") {
		answers := answersFor(o, parent, entries)
		outdated := len(answers) > 0 && !slices.ContainsFunc(answers, func(a parentStatus) bool { return a.current(o) })
		answers = slices.DeleteFunc(answers, func(a parentStatus) bool { return !a.current(o) })
		refusal, refused := refusalOf(answers)
		switch {
		case outdated:
			return conditions.StatusOutdated(p, j, o)
		case len(answers) == 0:
			unanswered = append(unanswered, kinds.String(parent, "name"))
		case refused && refusal.Reason == "Pending" && p.Within(p.StartedAt(o, refusal), view.RouteTimeout):
			j.Wait(p.StartedAt(o, refusal), "%s: %s", o.Ref.Kind, refusal.Reason)
		case refused:
			return routeRefused(p, j, o, parent, refusal)
		}
	}
	if len(unanswered) > 0 || len(entries) == 0 {
		unclaimed(p, j, o, unanswered)
	}
	return j.OK("%s", o.Ref.Kind)
}

// parentStatus is what one controller reports about a route under one parentRef.
type parentStatus struct{ conditions []kinds.Condition }

// current reports whether the entry is of this generation. A report does not say which that is.
func (a parentStatus) current(o facts.Object) bool {
	return !slices.ContainsFunc(a.conditions, func(c kinds.Condition) bool { return !c.Current(o.Body) })
}

// generation is the newest one that the entry was written for; 0 where it does not say.
func (a parentStatus) generation() int64 {
	newest := int64(0)
	for _, c := range a.conditions {
		newest = max(newest, c.ObservedGeneration)
	}
	return newest
}

// refusal is the condition by which the gateway does not serve the route.
func (a parentStatus) refusal() (kinds.Condition, bool) {
	for _, name := range []string{"Accepted", "ResolvedRefs"} {
		for _, c := range a.conditions {
			if c.Type == name && c.False() {
				return c, true
			}
		}
	}
	return kinds.Condition{}, false
}

// answersFor are the entries for a parentRef. Where the class of a Gateway went from one controller to another, the entry of the
// one before stays, at the generation that it saw last.
func answersFor(route facts.Object, parent map[string]any, entries []map[string]any) []parentStatus {
	var answers []parentStatus
	newest := int64(0)
	for _, entry := range entries {
		if !sameParent(route, parent, kinds.Fields(entry, "parentRef")) {
			continue
		}
		a := parentStatus{kinds.Conditions(&unstructured.Unstructured{Object: map[string]any{"status": entry}})}
		answers, newest = append(answers, a), max(newest, a.generation())
	}
	return slices.DeleteFunc(answers, func(a parentStatus) bool { return a.generation() < newest })
}

// refusalOf is a refusal that no other controller contradicts.
func refusalOf(answers []parentStatus) (kinds.Condition, bool) {
	var found kinds.Condition
	for _, a := range answers {
		c, refused := a.refusal()
		if !refused {
			return kinds.Condition{}, false
		}
		found = c
	}
	return found, found.Present()
}

// sameParent compares two references, each with the defaults of the API.
func sameParent(route facts.Object, a, b map[string]any) bool {
	for field, unset := range map[string]string{"group": kinds.GatewayAPI, "kind": "Gateway", "namespace": route.Ref.Namespace, "name": "", "sectionName": ""} {
		if cmp.Or(kinds.String(a, field), unset) != cmp.Or(kinds.String(b, field), unset) {
			return false
		}
	}
	return fmt.Sprint(a["port"]) == fmt.Sprint(b["port"])
}

func routeRefused(p *view.Environment, j *result.Result, o facts.Object, parent map[string]any, c kinds.Condition) *result.Result {
	f := trace.Finding{
		Code: trace.CodeRouteNotAccepted, Message: c.Message, Since: view.LastTransition(c), Evidence: view.ConditionEvidence(c),
		Hint: "the gateway sends no requests to this route: compare its host name and its namespace with the listeners of the Gateway",
	}
	blameGateway(p, &f, o, parent)
	return j.FailWithCode(o.Ref.Kind, f)
}

// blameGateway follows a refused route to its Gateway, where that is not in order itself.
func blameGateway(p *view.Environment, f *trace.Finding, route facts.Object, parent map[string]any) {
	ref := facts.Ref{
		Plane: route.Ref.Plane, Group: kinds.GatewayAPI, Kind: "Gateway",
		Namespace: cmp.Or(kinds.String(parent, "namespace"), route.Ref.Namespace), Name: kinds.String(parent, "name"),
	}
	gateway := p.Object(ref)
	programmed := kinds.ConditionOf(gateway.Body, "Programmed")
	switch {
	case gateway.Outcome == facts.Absent && p.IsExpectedPlane():
		f.Hint = fmt.Sprintf("%s does not exist: create it, or correct spec.parentRefs in the template of the component type", ref)
	case programmed.False() && programmed.Current(gateway.Body):
		f.Code, f.Path, f.Object = trace.CodeGatewayNotReady, []facts.Ref{route.Ref}, ref
		f.Message, f.Since, f.Evidence = programmed.Message, view.LastTransition(programmed), view.ConditionEvidence(programmed)
		f.Hint = "the gateway is not ready, so it sends no requests to this route: a platform engineer has to fix the Gateway, or the Service that gives it an address"
	}
}

// unclaimed is a remark and no failure: the pods run, and many clusters reach them otherwise.
func unclaimed(p *view.Environment, j *result.Result, o facts.Object, gateways []string) {
	applied := view.Latest(p.AppliedAt(), view.CreatedAt(o))
	if p.Within(applied, view.RouteTimeout) {
		return
	}
	hint := "status.parents is empty: no gateway controller runs on the data plane, or none manages the Gateway of the route"
	if len(kinds.Items(o.Body, "status", "parents")) > 0 {
		hint = "status.parents has no entry for " + strings.Join(gateways, ", ") + ": no controller manages that Gateway"
	}
	j.Note(trace.Info, trace.Finding{Code: trace.CodeRouteUnclaimed, Message: fmt.Sprintf("no gateway has accepted %s", o.Ref), Since: applied, Hint: hint})
}

// assessPolicy: what no ancestor accepts is not enforced.
func assessPolicy(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	for _, entry := range kinds.Items(o.Body, "status", "ancestors") {
		a := parentStatus{kinds.Conditions(&unstructured.Unstructured{Object: map[string]any{"status": entry}})}
		c, refused := a.refusal()
		if !refused || !c.Current(o.Body) {
			continue
		}
		if began := p.StartedAt(o, c); p.Within(began, view.RouteTimeout) {
			return j.Wait(began, "%s: %s", o.Ref.Kind, c.Reason)
		}
		return j.FailWithCode(o.Ref.Kind, trace.Finding{
			Code: trace.CodeRouteNotAccepted, Message: c.Message, Since: view.LastTransition(c), Evidence: view.ConditionEvidence(c),
			Hint: fmt.Sprintf("%s does not apply this policy", cmp.Or(kinds.String(entry, "ancestorRef", "name"), "its ancestor")),
		})
	}
	return j.OK("%s", o.Ref.Kind)
}
