// Package operators breaks what the operators of other systems run, on their real controllers, and traces it as a user would.
package operators

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/addon"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// shared is the lab with its operators, and the program.
var shared *suite.Suite

func TestMain(m *testing.M) {
	with := addon.Names()
	if _, err := addon.FindRedis(); err != nil {
		with = slices.DeleteFunc(with, func(name string) bool { return name == "argocd" })
	}
	if _, err := addon.FindPrometheus(); err != nil {
		with = slices.DeleteFunc(with, func(name string) bool { return name == "flagger" })
	}
	if only := os.Getenv("LAB_WITH"); only != "" {
		with = strings.Split(only, ",")
	}
	os.Exit(suite.Main(m, suite.Options{
		Lab:   lab.Options{Name: "operators", RemotePlane: slices.Contains(with, "openchoreo-api"), With: with},
		Setup: func(s *suite.Suite) { shared = s },
	}))
}

// needs skips a test where a system does not run.
func needs(t *testing.T, system string) {
	t.Helper()
	if shared.Lab.OperatorVersion(system) != "" {
		return
	}
	if _, err := addon.FindRedis(); err != nil && system == "Argo CD" {
		t.Skip(err)
	}
	if _, err := addon.FindPrometheus(); err != nil && system == "Flagger" {
		t.Skip(err)
	}
	t.Skipf("%s does not run in this lab", system)
}

// tenant is the namespace of all components, whose platform and project come by Kustomizations.
var tenant = sync.OnceValues(func() (*lab.Tenant, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	added, err := shared.Lab.AddTenant(ctx, lab.TenantOptions{Namespace: "operators" + *suite.Suffix, Components: []string{"greeter-service"}})
	if err != nil {
		return nil, fmt.Errorf("make the tenant: %w", err)
	}
	return added, shared.Lab.WaitForHealthy(ctx, added, "greeter-service", "development", 4*time.Minute)
})

// partAddress is where a part of the lab serves; "" for one that does not run.
func partAddress(part string) string {
	for _, p := range shared.Lab.Parts() {
		if p.Name == part {
			return p.Address
		}
	}
	return ""
}

func healthy() suite.Want { return suite.Want{Exit: 0, Verdict: "Healthy"} }

// worth is a healthy component with a finding.
func worth(code string) suite.Want { return suite.Want{Exit: 0, Verdict: "Healthy", Finding: code} }

func failed(rung, environment, code, kind, object, message string) suite.Want {
	return suite.Want{Exit: 2, Verdict: "Failed", Rung: rung, Environment: environment, Code: code, Kind: kind, Object: object, Message: message}
}
