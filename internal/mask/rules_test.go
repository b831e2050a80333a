package mask

import "testing"

// TestRules: the rule for a field depends on its kind and parent first, and then on its name.
func TestRules(t *testing.T) {
	t.Parallel()
	type object = map[string]any
	list := []any{object{"name": "A", "value": "b"}}
	for name, c := range map[string]struct {
		object object
		key    string
		at     place
		want   rule
	}{
		"Secret":              {object{"kind": "Secret"}, "data", place{}, rule{secretData, base64Texts}},
		"SecretAsText":        {object{"kind": "Secret"}, "stringData", place{}, rule{secretData, allValues}},
		"ConfigMap":           {object{"kind": "ConfigMap"}, "data", place{}, rule{configMapData, allValues}},
		"ConfigMapBinary":     {object{"kind": "ConfigMap"}, "binaryData", place{}, rule{configMapData, base64Texts}},
		"DataOfAnotherKind":   {object{"kind": "ExternalSecret"}, "data", place{}, rule{}},
		"SecretTemplate":      {object{}, "data", place{key: "template"}, rule{secretData, allValues}},
		"Substitute":          {object{}, "substitute", place{key: "postBuild"}, rule{substitution, allValues}},
		"SubstituteElsewhere": {object{}, "substitute", place{key: "spec"}, rule{}},
		"HelmRelease":         {object{}, "values", place{key: "spec", kind: "HelmRelease"}, rule{helmValue, allValues}},
		"ValuesOfAnotherKind": {object{}, "values", place{key: "spec", kind: "Thing"}, rule{}},
		"ValuesDeeper":        {object{}, "values", place{key: "chart", kind: "HelmRelease"}, rule{}},
		"ApplicationText":     {object{}, "values", place{key: "helm"}, rule{helmValue, allValues}},
		"ApplicationObject":   {object{}, "valuesObject", place{key: "helm"}, rule{helmValue, allValues}},
		"ApplicationEntries":  {object{}, "parameters", place{key: "helm"}, rule{helmValue, entryValues}},
		"ParametersElsewhere": {object{}, "parameters", place{key: "spec"}, rule{}},
		"Patch":               {object{}, "patch", place{key: "patches"}, rule{patch, allValues}},
		"Environment":         {object{"env": list}, "env", place{}, rule{environmentValue, entryValues}},
		"EnvironmentAsMap":    {object{"extraEnv": object{"A": "b"}}, "extraEnv", place{}, rule{environmentValue, allValues}},
		"EnvironmentOfMaps":   {object{"env": object{"A": object{}}}, "env", place{}, rule{}},
		"EnvironmentSchema":   {object{"env": object{"type": "array"}}, "env", place{key: "properties"}, rule{}},
		"EnvironmentTemplate": {object{"env": "${x}"}, "env", place{}, rule{}},
		"Files":               {object{"files": list}, "files", place{}, rule{fileContent, entryValues}},
		"FilesAsText":         {object{"files": "*.yaml"}, "files", place{}, rule{}},
		"PatchesOneVariable":  {object{"path": "/spec/env/-", "value": "b"}, "value", place{}, rule{environmentValue, allValues}},
		"PatchesVariables":    {object{"path": "/spec/env", "value": list}, "value", place{}, rule{environmentValue, entryValues}},
		"PatchesAnotherField": {object{"path": "/spec/environment", "value": "b"}, "value", place{}, rule{}},
		"Header":              {object{"name": "Authorization", "value": "b"}, "value", place{}, rule{credentialField, allValues}},
		"HeaderByKey":         {object{"key": "X-Api-Key", "value": "b"}, "value", place{}, rule{credentialField, allValues}},
		"OtherHeader":         {object{"name": "Accept", "value": "b"}, "value", place{}, rule{}},
		"HeaderWithObject":    {object{"name": "token", "value": object{}}, "value", place{}, rule{}},
		"Kubeconfig":          {object{}, "kubeConfig", place{}, rule{kubeConfig, exceptReferences}},
		"RemoteSecretKey":     {object{"remoteRef": object{}}, "secretKey", place{}, rule{}},
		"SecretKey":           {object{}, "secretKey", place{}, rule{credentialField, exceptReferences}},
		"Password":            {object{}, "password", place{}, rule{credentialField, exceptReferences}},
		"BelowAllValues":      {object{}, "secretName", place{rule: rule{helmValue, allValues}}, rule{helmValue, allValues}},
		"BelowBase64":         {object{}, "x", place{rule: rule{secretData, base64Texts}}, rule{secretData, base64Texts}},
		"ValueOfAnEntry":      {object{}, "value", place{rule: rule{environmentValue, entryValues}}, rule{environmentValue, allValues}},
		"ContentOfAnEntry":    {object{}, "content", place{rule: rule{fileContent, entryValues}}, rule{fileContent, allValues}},
		"NameOfAnEntry":       {object{}, "name", place{rule: rule{environmentValue, entryValues}}, rule{}},
		"BelowACredential":    {object{}, "user", place{rule: rule{credentialField, exceptReferences}}, rule{credentialField, exceptReferences}},
		"ReferenceBelow":      {object{}, "secretRef", place{rule: rule{credentialField, exceptReferences}}, rule{}},
		"StructureBelow":      {object{}, "key", place{rule: rule{credentialField, exceptReferences}}, rule{}},
	} {
		if got := below(c.object, c.key, c.at); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestConfiguration: to compare, only what is configured stays; credentials are masked in any case.
func TestConfiguration(t *testing.T) {
	t.Parallel()
	env, secret := map[string]any{"env": []any{}}, map[string]any{"kind": "Secret"}
	m := ForCredentials(false)
	if got := m.below(env, "env", place{}); got != (rule{}) {
		t.Errorf("environment: %v", got)
	}
	if got := m.below(secret, "data", place{}); got.secret != secretData {
		t.Errorf("Secret: %v", got)
	}
	if got := New(false, false).below(env, "env", place{}); got.secret != environmentValue {
		t.Errorf("environment in a snapshot: %v", got)
	}
}

// TestCredentialNames: the parts of a name decide in any spelling; its end can make it a reference.
func TestCredentialNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"password": true, "dbPasswd": true, "passphrase": true, "client-secret": true, "API_KEY": true, "access.key": true, "privateKey": true, "signingKey": true, "authToken": true,
		"credentials": true, "Authorization": true, "Set-Cookie": true,
		"publicKey": false, "key": false, "keyboard": false, "passenger": false, "replicas": false,
		"secretName": false, "tokenUrl": false, "passwordFile": false, "secretRef": false, "secretRefs": false, "tokenTTL": false, "tokenExpirationSeconds": false, "secretStore": false, "imagePullSecrets": false,
	} {
		if got := likeCredential(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	for name, want := range map[string]bool{"password": true, "api-key": true, "pin": false, "tokens": false, "maxTokenAge": false} {
		if got := endsLikeCredential(name); got != want {
			t.Errorf("the end of %s: %v, want %v", name, got, want)
		}
	}
}
