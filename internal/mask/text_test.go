package mask

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMaskText(t *testing.T) {
	const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"
	long := strings.Repeat("A1b2", 2000)
	cases := map[string]struct{ in, want string }{
		"URL":             {"cannot clone https://me:p@ss@git.example/a.git: 401", "cannot clone https://***@git.example/a.git: 401"},
		"URLToken":        {"https://ghp_x@git.example/a", "https://***@git.example/a"},
		"URLSlash":        {"postgres://u:a/b?c#d@db:5432/x", "postgres://***@db:5432/x"},
		"URLSlashAndAt":   {"redis://u:a?b@c@db:1/x and ://:?@@", "redis://***@db:1/x and ://***@"},
		"URLInQuery":      {"https://u:a?b@db/x?to=me@example.net", "https://***@db/x?to=me@example.net"},
		"URLTwice":        {"http://a:b@c http://d:e@f", "http://***@c http://***@f"},
		"URLPlain":        {"https://git.example:8443/@scope/a?ref=main", "https://git.example:8443/@scope/a?ref=main"},
		"SSH":             {"ssh://git@git.example/a, git@git.example:a", "ssh://git@git.example/a, git@git.example:a"},
		"SSHPassword":     {"ssh://git:pw@git.example/a", "ssh://***@git.example/a"},
		"Digest":          {"docker-pullable://nginx@sha256:ab12 oci://r:5000/i@sha256:cd", "docker-pullable://nginx@sha256:ab12 oci://r:5000/i@sha256:cd"},
		"MySQL":           {"root:pw@tcp(db:3306)/x", "root:***@tcp(db:3306)/x"},
		"Query":           {"https://s3/a?X-Amz-Signature=ab12&b=c&access_token=d#e", "https://s3/a?X-Amz-Signature=***&b=c&access_token=***#e"},
		"QueryPlain":      {"https://a/b?page=2&design=x&keyword=z", "https://a/b?page=2&design=x&keyword=z"},
		"Header":          {"Authorization: Basic YWJj", "Authorization: Basic masked-1"},
		"HeaderJSON":      {`{\"Authorization\":\"Bearer abc\"}`, `{\"Authorization\":\"Bearer masked-1\"}`},
		"RBAC":            {"authorization: RBAC: access denied", "authorization: RBAC: access denied"},
		"Bearer":          {"sent bearer abcdef123456 twice: bearer abcdef123456", "sent bearer masked-1 twice: bearer masked-1"},
		"Words":           {"basic authentication failed, bearer authorization required", "basic authentication failed, bearer authorization required"},
		"JWT":             {"got " + jwt + ".", "got masked-1."},
		"GitHub":          {"ghp_0123456789abcdefghij", "masked-1"},
		"Assignment":      {"Server=db;Password=a b;User=c", "Server=db;Password=masked-1 b;User=c"},
		"AssignmentQuote": {`DB_PASSWORD="a b" next`, `DB_PASSWORD="masked-1" next`},
		"Comparison":      {"token=='' || secret == x", "token=='' || secret == x"},
		"JSON":            {`sent {"clientSecret": "a\"b", "n": 1} to`, `sent {"clientSecret": "masked-1", "n": 1} to`},
		"JSONEscaped":     {`msg="{\"password\":\"a\"}"`, `msg="{\"password\":\"masked-1\"}"`},
		"JSONWhole":       {`{"token":"a","env":[{"name":"B","value":"c"}],"n":12345678901234567}`, `{"env":[{"name":"B","value":"masked-1"}],"n":12345678901234567,"token":"masked-2"}`},
		"YAML":            {"user: a\n  password: 'b c'\n- client-key-data: d\n", "user: a\n  password: 'masked-1'\n- client-key-data: masked-2\n"},
		"Sentence":        {"error: invalid token: EOF", "error: invalid token: EOF"},
		"FieldError":      {`spec.containers[0].env[0].value: Invalid value: "a\"b": too long`, `spec.containers[0].env[0].value: Invalid value: "masked-1": too long`},
		"DataError":       {`data[k]: Invalid value: "x": y; .data[k]: Invalid value: "z"`, `data[k]: Invalid value: "x": y; .data[k]: Invalid value: "masked-1"`},
		"ImageError":      {`spec.image: Invalid value: "a b": y`, `spec.image: Invalid value: "a b": y`},
		"TypeError":       {`.env[name="P"].value: expected string, got &value.valueUnstructured{Value:5432}`, `.env[name="P"].value: expected string, got &value.valueUnstructured{Value:masked-1}`},
		"PEM":             {"a -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- b", "a masked-1 b"},
		"PEMCut":          {"-----BEGIN PRIVATE KEY-----\\nMII", "masked-1"},
		"Certificate":     {"-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----"},
		"Long":            {"token=" + long + " end", "token=masked-1 end"},
		"Plain":           {`namespaces "dp-a" not found; secret "db-secret" not found, masked-7`, `namespaces "dp-a" not found; secret "db-secret" not found, masked-7`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, New(false, false).Text(tc.in)); diff != "" {
				t.Errorf("text(%q): -want, +got:\n%s", tc.in, diff)
			}
			if got := New(true, false).Text(tc.in); got != tc.in {
				t.Errorf("text(%q) with values: want it unchanged, got %q", tc.in, got)
			}
			if got := New(false, true).Text(tc.want); name != "Plain" && got != tc.want {
				t.Errorf("text of a text that is masked already: want %q, got %q", tc.want, got)
			}
		})
	}
}

func TestMaskLines(t *testing.T) {
	in := []string{
		"MIIEvQIBADANBgkqhkiG9w0BAQEF", "-----END PRIVATE KEY-----", "token=a", "-----BEGIN PRIVATE KEY-----", "MII", "-----END PRIVATE KEY-----",
		"", `{"password":"a"}`,
	}
	want := []string{"masked-1", "token=masked-2", "masked-3", "", `{"password":"masked-2"}`}
	if diff := cmp.Diff(want, New(false, false).Lines(in)); diff != "" {
		t.Errorf("lines(…): -want, +got:\n%s", diff)
	}
}

// TestHarmlessMatches: what has the form of a secret and is none stays.
func TestHarmlessMatches(t *testing.T) {
	for name, c := range map[string]struct{ want, got bool }{
		"UserOverSSH":         {true, harmlessUser("ssh://", "git", "@git.example/a")},
		"UserOverHTTPS":       {false, harmlessUser("https://", "git", "@git.example/a")},
		"RegistryPort":        {true, harmlessUser("oci://", "registry:5000/image", "@x")},
		"PasswordWithSlash":   {false, harmlessUser("oci://", "user:pass/word", "@x")},
		"NumericPassword":     {false, harmlessUser("oci://", "user:5000", "@x")},
		"NoHost":              {false, harmlessUser("oci://", ":5000/image", "@x")},
		"Digest":              {true, harmlessUser("docker-pullable://", "user:image", "@sha256:ab")},
		"SSHScheme":           {true, hasSSHScheme("see git+SSH://")},
		"SFTPScheme":          {true, hasSSHScheme("sftp://")},
		"LongerScheme":        {false, hasSSHScheme("xsftp2://")},
		"OrdinaryWord":        {true, ordinaryWord("", "authentication", "")},
		"TokenWithDigit":      {false, ordinaryWord("", "abcdefg1", "")},
		"TokenWithPadding":    {false, ordinaryWord("", "abcdefgh=", "")},
		"InSentence":          {true, inSentence("error: invalid token: ", "", "")},
		"FirstWordOfALine":    {false, inSentence("a b\n  - token: ", "", "")},
		"QuotedKeyOfALine":    {false, inSentence("\"client-key\": ", "", "")},
		"KeyBehindAnotherOne": {true, inSentence("a: token: ", "", "")},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
}
