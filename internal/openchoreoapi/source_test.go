package openchoreoapi_test

import (
	"net/http"
	"net/url"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi/login"
)

// clock is a time at which no tree ages.
func clock() time.Time { return time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC) }

// sourceOf reads from an API in this process.
func sourceOf(api http.Handler) *openchoreoapi.Source {
	l := login.Login{URL: &url.URL{Scheme: "https", Host: "api.example.com"}, Token: "abc", Renew: "run occ login"}
	return openchoreoapi.New(l, openchoreoapi.Options{Timeout: time.Minute, Transport: factstest.Transport(api), Now: clock})
}
