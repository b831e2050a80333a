package openchoreoapi_test

import (
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi/apitest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi/login"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestListsOfSeveralComponents: they are unknown, because the release of another component may not have been read yet. A fleet read such a
// list of pods as complete, and reported that those of other components do not exist.
func TestListsOfSeveralComponents(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	server := httptest.NewServer(apitest.Of(s))
	t.Cleanup(server.Close)
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	source := noted(s, openchoreoapi.New(login.Login{URL: at}, openchoreoapi.Options{Now: func() time.Time { return s.TakenAt }}))
	one := podsOf(t, s)
	for labels, want := range map[string]facts.Outcome{
		one.Labels: facts.Found,
		kinds.LabelComponent + " in (greeter-service)":       facts.Found,
		kinds.LabelComponent + " in (greeter-service,other)": facts.Unreachable,
		kinds.LabelRenderedReleaseUID + " in (1,2)":          facts.Unreachable,
		"": facts.Unreachable,
	} {
		q := one
		q.Labels = labels
		if l, _ := source.List(t.Context(), q); l.Outcome != want {
			t.Errorf("%q: %s, want %s: %s", labels, l.Outcome, want, l.Reason)
		}
	}
}
