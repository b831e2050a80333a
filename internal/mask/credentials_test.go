package mask

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestForCredentials: what a person configures can be compared by its value; a credential stays hidden, and two different ones stay
// different.
func TestForCredentials(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"Environment": {
			`{kind: Deployment, apiVersion: v1, spec: {env: [{name: LOG, value: debug}, {name: DB_PASSWORD, value: a}, {name: API_KEY, value: b}]}}`,
			`{kind: Deployment, apiVersion: v1, spec: {env: [{name: LOG, value: debug}, {name: DB_PASSWORD, value: masked-1}, {name: API_KEY, value: masked-2}]}}`,
		},
		"EnvironmentAsMap": {`{kind: A, env: {LOG: debug, DB_PASSWORD: a}}`, `{kind: A, env: {LOG: debug, DB_PASSWORD: masked-1}}`},
		"OfOpenChoreo":     {`{kind: A, env: [{key: LOG, value: debug}, {key: TOKEN, value: a}]}`, `{kind: A, env: [{key: LOG, value: debug}, {key: TOKEN, value: masked-1}]}`},
		"ConfigMap": {
			`{kind: ConfigMap, apiVersion: v1, data: {level: debug, password: a, file: "x: 1\npassword: b\n"}}`,
			`{kind: ConfigMap, apiVersion: v1, data: {file: "x: 1\npassword: masked-1\n", level: debug, password: masked-2}}`,
		},
		"Secret": {`{kind: Secret, apiVersion: v1, data: {level: YQ==}, stringData: {x: a}}`, `{kind: Secret, apiVersion: v1, data: {level: bWFza2VkLTE=}, stringData: {x: masked-1}}`},
		"URLs": {
			`{kind: A, env: [{name: A, value: "postgres://u:one@db/x"}, {name: B, value: "postgres://u:two@db/x"}]}`,
			`{kind: A, env: [{name: A, value: "postgres://masked-1@db/x"}, {name: B, value: "postgres://masked-2@db/x"}]}`,
		},
		"HelmValues": {`{kind: HelmRelease, apiVersion: v2, spec: {values: {replicas: 2, token: a}}}`, `{kind: HelmRelease, apiVersion: v2, spec: {values: {replicas: 2, token: masked-1}}}`},
	} {
		got, err := ForCredentials(false).Body(parsed(t, c.in))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(parsed(t, c.want), got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
