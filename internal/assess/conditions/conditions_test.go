package conditions_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/conditions"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestStandard: kinds of which only the standard conditions are known.
func TestStandard(t *testing.T) {
	t.Parallel()
	notObserved := outcome{trace.Failed, "Widget: generation 3 not observed", []string{
		"error GenerationNotObserved: the status of Widget cell/w is for a generation older than 3",
	}}
	check(t, conditions.Standard, map[string]row{
		"Ready":             {object: widget(gadgets, hour, with(condition("Ready", "True", "", hour))), want: ok()},
		"Available":         {object: widget(gadgets, hour, with(condition("Available", "False", "NoQuota", hour))), want: failed("NoQuota")},
		"Synced":            {object: widget(gadgets, hour, with(condition("Synced", "False", "", hour))), want: failed("Synced is False")},
		"Healthy":           {object: widget(gadgets, hour, with(condition("Healthy", "False", "", hour))), want: failed("Healthy is False")},
		"UnknownForLong":    {object: widget(gadgets, hour, with(condition("Ready", "Unknown", "", hour))), want: failed("Ready is Unknown")},
		"UnknownForAMoment": {object: widget(gadgets, hour, with(condition("Ready", "Unknown", "", moment))), want: waits("Widget: not Ready yet")},
		"WithItsReason":     {object: widget(gadgets, hour, with(condition("Ready", "False", "Creating", moment))), want: waits("Widget: Creating")},
		"NotOfItsKind":      {object: widget(gadgets, hour, with(condition("Shiny", "False", "", hour))), want: ok()},
		// KEDA writes no times: the condition is as old as its object.
		"NoTimeOfAnOldObject": {object: widget(gadgets, hour, with(condition("Ready", "False", "", 0))), want: failed("Ready is False")},
		"NoTimeOfANewObject":  {object: widget(gadgets, moment, with(condition("Ready", "False", "", 0))), want: waits("Widget: not Ready yet")},
		// A report has no creation time: the object is not older than the newest change of its release.
		"NoTimeOfAReport":    {object: widget(gadgets, 0, with(condition("Ready", "False", "", 0))), want: failed("Ready is False")},
		"NoTimeOfANewReport": {object: widget(gadgets, 0, with(condition("Ready", "False", "", 0))), released: moment, want: waits("Widget: not Ready yet")},
		// These reasons are final, unless the object is so new that what it names may be on its way.
		"Final":          {object: widget(gadgets, hour, with(condition("Ready", "False", "SecretMissing", moment))), want: failed("SecretMissing")},
		"FinalButNew":    {object: widget(gadgets, moment, with(condition("Ready", "False", "SecretMissing", moment))), want: waits("Widget: SecretMissing")},
		"FinalButNotSet": {object: widget(gadgets, hour, with(condition("Ready", "Unknown", "SecretMissing", moment))), want: waits("Widget: SecretMissing")},
		// Stalled counts before all others, if it is of this generation.
		"Stalled": {object: widget(gadgets, hour, with(condition("Ready", "True", "", hour), condition("Stalled", "True", "Invalid", moment))), want: failed("Invalid")},
		"StalledAndReconciling": {
			object: widget(gadgets, hour, with(condition("Reconciling", "True", "", moment), condition("Stalled", "True", "Invalid", hour))),
			want:   failed("Invalid"),
		},
		"NotStalled":    {object: widget(gadgets, hour, with(condition("Ready", "True", "", hour), condition("Stalled", "False", "", hour))), want: ok()},
		"StalledBefore": {object: widget(gadgets, hour, with(condition("Ready", "True", "", hour), of(condition("Stalled", "True", "Invalid", hour), "observedGeneration", int64(2)))), want: ok()},
		// A status of an older generation says nothing, whatever it says.
		"ConditionOutdated": {object: widget(gadgets, hour, with(of(condition("Ready", "True", "", hour), "observedGeneration", int64(2)))), want: notObserved},
		"StatusOutdated":    {object: widget(gadgets, hour, of(with(condition("Ready", "True", "", hour)), "observedGeneration", int64(2))), want: notObserved},
		"OutdatedAlone":     {object: widget(gadgets, hour, map[string]any{"observedGeneration": int64(2)}), want: notObserved},
		"ObservedAlone":     {object: widget(gadgets, hour, map[string]any{"observedGeneration": int64(3)}), want: ok()},
		"OutdatedNewObject": {object: widget(gadgets, moment, map[string]any{"observedGeneration": int64(2)}), want: waits("Widget: generation 3 not observed yet")},
		"OutdatedAndReleasedNow": {
			object: widget(gadgets, hour, map[string]any{"observedGeneration": int64(2)}), released: moment, want: waits("Widget: generation 3 not observed yet"),
		},
		"Reconciling":            {object: widget(gadgets, hour, with(condition("Reconciling", "True", "", moment))), want: waits("Widget: reconciling")},
		"ReconcilingWithAReason": {object: widget(gadgets, hour, with(condition("Reconciling", "True", "Pulling", moment))), want: waits("Widget: Pulling")},
		"ReconcilingForTooLong":  {object: widget(gadgets, hour, with(condition("Reconciling", "True", "", hour))), want: failed("Reconciling is True")},
		"NotReconciling":         {object: widget(gadgets, hour, with(condition("Reconciling", "False", "", moment))), want: ok()},
		// Without a status an object is as declared, once its controller had the time to write one.
		"NoStatus":              {object: widget(gadgets, hour, nil), want: ok()},
		"NoStatusYet":           {object: widget(gadgets, moment, nil), want: waits("Widget: no status yet")},
		"NoStatusOfCoreKind":    {object: widget("", moment, nil), want: ok()},
		"NoStatusOfBuiltInKind": {object: widget("networking.k8s.io", moment, nil), want: ok()},
		"NoStatusOfSIGKindYet":  {object: widget("things.x-k8s.io", moment, nil), want: waits("Widget: no status yet")},
	})
}

// TestFurtherConditions: one that is False beside a first that is True is a warning once it has lasted.
func TestFurtherConditions(t *testing.T) {
	t.Parallel()
	ready := condition("Ready", "True", "", hour)
	outdated := of(condition("Synced", "False", "Conflict", hour), "observedGeneration", int64(2))
	warning := "warning ResourceNotReady: Conflict"
	check(t, conditions.Standard, map[string]row{
		"False":           {object: widget(gadgets, hour, with(ready, condition("Synced", "False", "Conflict", hour))), want: ok(warning)},
		"FalseForAMoment": {object: widget(gadgets, hour, with(ready, condition("Synced", "False", "Conflict", moment))), want: ok()},
		"Unknown":         {object: widget(gadgets, hour, with(ready, condition("Synced", "Unknown", "Conflict", hour))), want: ok()},
		"True":            {object: widget(gadgets, hour, with(ready, condition("Synced", "True", "", hour))), want: ok()},
		"Outdated":        {object: widget(gadgets, hour, with(ready, outdated)), want: ok()},
		"BelowAFailure": {
			object: widget(gadgets, hour, with(condition("Ready", "False", "NotSynced", hour), condition("Synced", "False", "Conflict", hour))),
			want:   failed("NotSynced"),
		},
		"BelowAWait": {
			object: widget(gadgets, hour, with(condition("Ready", "False", "NotSynced", moment), condition("Synced", "False", "Conflict", hour))),
			want:   waits("Widget: NotSynced"),
		},
	})
}

// TestAssess: the controller of such a kind always writes a condition.
func TestAssess(t *testing.T) {
	t.Parallel()
	assess := func(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
		return conditions.Assess(p, j, o, trace.CodeGatewayNotReady, "Accepted", "Programmed")
	}
	silent := outcome{trace.Failed, "Widget: no status", []string{
		"error GenerationNotObserved: Widget cell/w has no status: its controller has not reconciled it",
	}}
	refused := []string{"error GatewayNotReady: Invalid"}
	check(t, assess, map[string]row{
		"FirstOfThem":      {object: widget(gadgets, hour, with(condition("Accepted", "True", "", hour))), want: ok()},
		"SecondOfThem":     {object: widget(gadgets, hour, with(condition("Programmed", "False", "Invalid", hour))), want: outcome{trace.Failed, "Widget: GatewayNotReady", refused}},
		"AnyOther":         {object: widget(gadgets, hour, with(condition("Ready", "True", "", hour))), want: silent},
		"NoStatus":         {object: widget(gadgets, hour, nil), want: silent},
		"NoStatusYet":      {object: widget(gadgets, moment, nil), want: waits("Widget: no status yet")},
		"ReportOfARelease": {object: widget(gadgets, 0, nil), released: 6 * time.Minute, want: waits("Widget: no status yet")}, // read every five minutes or so
		"ReportOfBefore":   {object: widget(gadgets, 0, nil), released: 12 * time.Minute, want: silent},
		"ObjectOfBefore":   {object: widget(gadgets, 6*time.Minute, nil), released: moment, want: silent},
	})
}

// TestSince: a rung has its state since the condition has its own, and a controller is silent since the object was made.
func TestSince(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		object facts.Object
		want   time.Duration // ago
	}{
		"OK":       {widget(gadgets, hour, with(condition("Ready", "True", "", moment))), moment},
		"Failed":   {widget(gadgets, 2*hour, with(condition("Ready", "False", "", hour))), hour},
		"Waiting":  {widget(gadgets, hour, with(condition("Ready", "False", "", moment))), moment},
		"NoTime":   {widget(gadgets, 2*moment, with(condition("Ready", "False", "", 0))), 2 * moment},
		"NoStatus": {widget(gadgets, moment, nil), moment},
		"Outdated": {widget(gadgets, 2*hour, map[string]any{"observedGeneration": int64(2)}), hour}, // its release is newer
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := conditions.Standard(environment(hour), result.New(trace.RungResource, c.object.Ref), c.object)
			if want := noon().Add(-c.want); !j.Since.Equal(want) {
				t.Errorf("since %s, want %s", j.Since, want)
			}
		})
	}
}

// TestFinding: the words of a condition are its message, else its reason, else its status.
func TestFinding(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		condition kinds.Condition
		want      string
	}{
		"Message": {kinds.Condition{Type: "Ready", Status: "False", Reason: "Refused", Message: "no quota"}, "no quota"},
		"Reason":  {kinds.Condition{Type: "Ready", Status: "False", Reason: "Refused"}, "Refused"},
		"Status":  {kinds.Condition{Type: "Ready", Status: "False"}, "Ready is False"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.condition.LastTransitionTime = noon()
			want := trace.Finding{
				Code: trace.CodeResourceNotReady, Message: c.want, Since: noon(),
				Hint: "the message is from its controller: correct what it names. OpenChoreo reports this Widget as healthy, because it does not check the status of its kind",
				Evidence: []trace.Evidence{
					{Path: "status.conditions[Ready].status", Value: "False"},
					{Path: "status.conditions[Ready].reason", Value: c.condition.Reason},
					{Path: "status.conditions[Ready].message", Value: c.condition.Message},
				},
			}
			if diff := cmp.Diff(want, conditions.Finding("Widget", trace.CodeResourceNotReady, c.condition)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
