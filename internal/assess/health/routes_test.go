package health_test

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestRoutes: only the entries count that are for a parentRef of the spec and for this generation.
func TestRoutes(t *testing.T) {
	t.Parallel()
	route := func(generation, parents string, entries ...string) string {
		return "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n" + generation + "spec: {parentRefs: [" + parents + "]}\nstatus: {parents: [" + strings.Join(entries, ", ") + "]}"
	}
	entry := func(controller, parent, name, status, reason, more string) string {
		return "{controllerName: example.com/" + controller + ", parentRef: {" + parent + "}, conditions: [{type: " + name + ", status: \"" + status + "\", reason: " + reason + ", message: m, " + more + "}]}"
	}
	const a, full = "{name: a}", "group: gateway.networking.k8s.io, kind: Gateway, name: a"
	accepted := func(more string) string { return entry("new", full, "Accepted", "True", "Accepted", more) }
	refused := func(more string) string {
		return entry("new", full, "Accepted", "False", "NotAllowedByListeners", more)
	}
	const old, second = "lastTransitionTime: <1h>", "metadata: {generation: 2}\n"
	remarked := assessed{trace.OK, trace.Current, trace.CodeRouteUnclaimed, trace.Info}
	checkHealth(t, map[string]healthCase{
		"Accepted":              {route("", a, accepted(old)), ok()},
		"Refused":               {route("", a, refused(old)), broken(trace.CodeRouteNotAccepted)},
		"BackendNotFound":       {route("", a, entry("new", full, "ResolvedRefs", "False", "BackendNotFound", old)), broken(trace.CodeRouteNotAccepted)},
		"PendingForAMoment":     {route("", a, entry("new", full, "Accepted", "False", "Pending", "lastTransitionTime: <5s>")), onItsWay()},
		"PendingForTooLong":     {route("", a, entry("new", full, "Accepted", "False", "Pending", old)), broken(trace.CodeRouteNotAccepted)},
		"PendingSinceUnsaid":    {route("", a, entry("new", full, "Accepted", "False", "Pending", "x: y")), broken(trace.CodeRouteNotAccepted)},
		"Unclaimed":             {route("", a), remarked},
		"OfAFormerParent":       {route("", a, accepted(old), entry("new", "name: former", "Accepted", "False", "NoMatchingParent", old)), ok()},
		"OnlyOfAFormerParent":   {route("", a, entry("new", "name: former", "Accepted", "False", "NoMatchingParent", old)), remarked},
		"OfAnotherNamespace":    {route("", a, accepted(old), entry("new", "name: a, namespace: other", "Accepted", "False", "NoMatchingParent", old)), ok()},
		"OfAnotherSection":      {route("", "{name: a, sectionName: https}", entry("new", full+", sectionName: https", "Accepted", "True", "Accepted", old), refused(old)), ok()},
		"OfAnotherPort":         {route("", "{name: a, port: 443}", entry("new", full+", port: 443", "Accepted", "True", "Accepted", old), refused(old)), ok()},
		"OneOfTwoParents":       {route("", a+", {name: b}", accepted(old), entry("new", "name: b", "Accepted", "False", "NotAllowedByListeners", old)), broken(trace.CodeRouteNotAccepted)},
		"OneOfTwoUnclaimed":     {route("", a+", {name: b}", accepted(old)), remarked},
		"OfThisGeneration":      {route(second, a, accepted("observedGeneration: 2, "+old)), ok()},
		"OfAnOlderGeneration":   {route(second, a, accepted("observedGeneration: 1, "+old)), broken(trace.CodeGenerationNotObserved)},
		"RefusedInAnOlderOne":   {route(second, a, refused("observedGeneration: 1, "+old)), broken(trace.CodeGenerationNotObserved)},
		"OfAFormerController":   {route(second, a, accepted("observedGeneration: 2, "+old), entry("old", full, "Accepted", "False", "X", "observedGeneration: 1, "+old)), ok()},
		"AFormerOneAsReported":  {route("", a, accepted("observedGeneration: 2, "+old), entry("old", full, "Accepted", "False", "X", "observedGeneration: 1, "+old)), ok()},
		"TwoControllersRefuse":  {route("", a, refused(old), entry("old", full, "Accepted", "False", "X", old)), broken(trace.CodeRouteNotAccepted)},
		"OneOfTwoControllers":   {route("", a, accepted(old), entry("old", full, "Accepted", "False", "X", old)), ok()},
		"PolicyAccepted":        {"apiVersion: gateway.networking.k8s.io/v1\nkind: BackendTLSPolicy\nstatus: {ancestors: [{ancestorRef: {name: a}, conditions: [{type: Accepted, status: \"True\"}]}]}", ok()},
		"PolicyRefused":         {"apiVersion: gateway.networking.k8s.io/v1\nkind: BackendTLSPolicy\nstatus: {ancestors: [{ancestorRef: {name: a}, conditions: [{type: Accepted, status: \"False\", reason: Invalid, lastTransitionTime: <1h>}]}]}", broken(trace.CodeRouteNotAccepted)},
		"GatewayProgrammed":     {"apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nstatus: {conditions: [{type: Accepted, status: \"True\", lastTransitionTime: <1h>}, {type: Programmed, status: \"True\", lastTransitionTime: <1h>}]}", ok()},
		"GatewayNeverSeen":      {"apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nstatus: {conditions: [{type: Accepted, status: Unknown, reason: Pending, lastTransitionTime: '1970-01-01T00:00:00Z'}, {type: Programmed, status: Unknown, reason: Pending, lastTransitionTime: '1970-01-01T00:00:00Z'}]}", broken(trace.CodeGatewayNotReady)},
		"GatewayJustCreated":    {"apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {creationTimestamp: <5s>}\nstatus: {conditions: [{type: Programmed, status: Unknown, reason: Pending, lastTransitionTime: '1970-01-01T00:00:00Z'}]}", onItsWay()},
		"GatewayWithoutAddress": {"apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nstatus: {conditions: [{type: Programmed, status: \"False\", reason: AddressNotAssigned, message: m, lastTransitionTime: <1h>}]}", broken(trace.CodeGatewayNotReady)},
	})
}
