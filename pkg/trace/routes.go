package trace

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// judgeGatewayAPI judges the kinds of Gateway API (v1.5 apis). A policy such as BackendTLSPolicy answers for each ancestor as a
// route does for each parent.
func (p *place) judgeGatewayAPI(j *judgement, o facts.Object) *judgement {
	switch {
	case o.Ref.Kind == "Gateway", o.Ref.Kind == "ListenerSet":
		return p.judgeConditions(j, o, CodeGatewayNotReady, "Programmed", "Accepted")
	case o.Ref.Kind == "GatewayClass":
		return p.judgeConditions(j, o, CodeGatewayNotReady, "Accepted")
	case strings.HasSuffix(o.Ref.Kind, "Route"):
		return p.judgeRoute(j, o)
	case strings.HasSuffix(o.Ref.Kind, "Policy"):
		return p.judgePolicy(j, o)
	}
	return p.judgeOther(j, o)
}

// judgeRoute: each gateway that answers for a route writes its own conditions, one entry for each parentRef (gateway-api v1.5
// apis/v1 shared_types.go). Nobody takes an entry away whose controller is gone or whose parentRef was changed, so only
// those count that are for a parentRef of the spec and for this generation.
func (p *place) judgeRoute(j *judgement, o facts.Object) *judgement {
	entries := kinds.Items(o.Body, "status", "parents")
	var unanswered []string
	for _, parent := range kinds.Items(o.Body, "spec", "parentRefs") {
		answers := answersFor(o, parent, entries)
		outdated := len(answers) > 0 && !slices.ContainsFunc(answers, func(a parentStatus) bool { return a.current(o) })
		answers = slices.DeleteFunc(answers, func(a parentStatus) bool { return !a.current(o) })
		refusal, refused := refusalOf(answers)
		switch {
		case outdated:
			return p.statusOutdated(j, o)
		case len(answers) == 0:
			unanswered = append(unanswered, kinds.String(parent, "name"))
		case refused && refusal.Reason == "Pending" && p.recent(p.began(o, refusal), routeClock):
			j.wait(p.began(o, refusal), "%s: %s", o.Ref.Kind, refusal.Reason)
		case refused:
			return p.routeRefused(j, o, parent, refusal)
		}
	}
	if len(unanswered) > 0 || len(entries) == 0 {
		p.unclaimed(j, o, unanswered)
	}
	return j.ok("%s", o.Ref.Kind)
}

// parentStatus is what one controller says of a route under one parentRef.
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
		if orElse(kinds.String(a, field), unset) != orElse(kinds.String(b, field), unset) {
			return false
		}
	}
	return fmt.Sprint(a["port"]) == fmt.Sprint(b["port"])
}

func (p *place) routeRefused(j *judgement, o facts.Object, parent map[string]any, c kinds.Condition) *judgement {
	j.Summary = fmt.Sprintf("%s: %s", o.Ref.Kind, c.Reason)
	f := Finding{
		Code: CodeRouteNotAccepted, Message: c.Message, Since: since(c), Evidence: quote(c),
		Hint: "the gateway does not serve this route, whatever its address says",
	}
	p.blameGateway(&f, o, parent)
	return j.fail(f)
}

// blameGateway follows a refused route to its Gateway, where that is not in order itself.
func (p *place) blameGateway(f *Finding, route facts.Object, parent map[string]any) {
	ref := facts.Ref{
		Plane: route.Ref.Plane, Group: kinds.GatewayAPI, Kind: "Gateway",
		Namespace: orElse(kinds.String(parent, "namespace"), route.Ref.Namespace), Name: kinds.String(parent, "name"),
	}
	gateway := p.Object(ref)
	programmed := kinds.ConditionOf(gateway.Body, "Programmed")
	switch {
	case gateway.Outcome == facts.Absent && p.planeIsHere():
		f.Hint = fmt.Sprintf("%s does not exist", ref)
	case programmed.False() && programmed.Current(gateway.Body):
		f.Code, f.Path, f.Object = CodeGatewayNotReady, []facts.Ref{route.Ref}, ref
		f.Message, f.Since, f.Evidence = programmed.Message, since(programmed), quote(programmed)
	}
}

// unclaimed is a remark and no failure: the pods run, and many clusters reach them otherwise.
func (p *place) unclaimed(j *judgement, o facts.Object, gateways []string) {
	applied := newest(p.appliedAt(), createdAt(o))
	if p.recent(applied, routeClock) {
		return
	}
	hint := "status.parents is empty: no gateway controller runs on the plane, or none has the Gateway that the route names"
	if len(kinds.Items(o.Body, "status", "parents")) > 0 {
		hint = "status.parents has no entry for " + strings.Join(gateways, ", ") + ": no controller has that Gateway"
	}
	j.note(Info, Finding{Code: CodeRouteUnclaimed, Message: fmt.Sprintf("no gateway answers for %s", o.Ref), Since: applied, Hint: hint})
}

// judgePolicy: what no ancestor accepts is not enforced.
func (p *place) judgePolicy(j *judgement, o facts.Object) *judgement {
	for _, entry := range kinds.Items(o.Body, "status", "ancestors") {
		a := parentStatus{kinds.Conditions(&unstructured.Unstructured{Object: map[string]any{"status": entry}})}
		c, refused := a.refusal()
		if !refused || !c.Current(o.Body) {
			continue
		}
		if began := p.began(o, c); p.recent(began, routeClock) {
			return j.wait(began, "%s: %s", o.Ref.Kind, c.Reason)
		}
		j.Summary = fmt.Sprintf("%s: %s", o.Ref.Kind, c.Reason)
		return j.fail(Finding{
			Code: CodeRouteNotAccepted, Message: c.Message, Since: since(c), Evidence: quote(c),
			Hint: fmt.Sprintf("%s does not apply this policy", orElse(kinds.String(entry, "ancestorRef", "name"), "its ancestor")),
		})
	}
	return j.ok("%s", o.Ref.Kind)
}
