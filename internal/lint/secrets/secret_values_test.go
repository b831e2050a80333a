package secrets

import (
	"strings"
	"testing"
)

// TestDecoded: data is base64; what is not, such as a variable of Flux, stays.
func TestDecoded(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"aHVudGVyMg==": "hunter2", "aHVu\n  dGVyMg==": "hunter2", "${PASSWORD}": "${PASSWORD}", "": "", "//79": "//79", // bytes that are no text
	} {
		if got := decoded(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestEncryptedBySOPS: a value, a file with SOPS' metadata, or an entry of that metadata.
func TestEncryptedBySOPS(t *testing.T) {
	t.Parallel()
	const value = "ENC[AES256_GCM,data:abc=,type:str]"
	for name, c := range map[string]struct {
		key, value string
		want       bool
	}{
		"Value":       {"k", value, true},
		"File":        {"k", "a: " + value + "\nsops:\n  mac: x\n", true},
		"DotenvFile":  {"k", "A=" + value + "\nsops_version=3.9\n", true},
		"NoMetadata":  {"k", "a: " + value + "\n", false},
		"NoValue":     {"k", "sops:\n  mac: x\n", false},
		"Entry":       {"sops_mac", "abc", true},
		"EntryOfAKey": {"sops_age__list_0__map_enc", "abc", true},
		"OtherEntry":  {"sops_password", "hunter2", false},
	} {
		if got := isEncrypted(c.key, c.value); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestPublicEntries: certificates, public keys, names of users and where a database is may be read by all.
func TestPublicEntries(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]bool{
		"tls.crt=x": true, "id.pub=x": true, "known_hosts=x": true, "username=x": true, "DB_USER=x": true, "dbUsername=x": true, "db-host=x": true, "port=x": true, "database=x": true,
		"cert=-----BEGIN CERTIFICATE-----": true, "cert=ssh-ed25519 AAAA": true,
		"tls.key=x": false, "password=x": false, "users=x": false, "support=x": false, "cert=-----BEGIN PRIVATE KEY-----": false,
	} {
		key, value, _ := strings.Cut(entry, "=")
		if got := isPublic(key, value); got != want {
			t.Errorf("%s: %v, want %v", entry, got, want)
		}
	}
}

// TestKeyIDs: an AWS access key ID is public as a user name is, if its secret key is not beside it.
func TestKeyIDs(t *testing.T) {
	t.Parallel()
	const id = "AKIAIOSFODNN7ABCDEFG"
	for name, c := range map[string]struct {
		field string
		value any
		want  bool
	}{
		"ID": {"accessKeyID", id, true}, "Separated": {"aws_access_key_id", id, true}, "OtherField": {"accessKey", id, false}, "OtherForm": {"accessKeyID", "abc", false}, "Longer": {"accessKeyID", id + " x", false},
		"Empty": {"accessKeyID", "", false}, "NoText": {"accessKeyID", int64(1), false},
	} {
		if got := isKeyID(c.field, c.value); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	for name, c := range map[string]struct {
		fields map[string]any
		want   bool
	}{
		"Beside": {map[string]any{"id": id, "secretAccessKey": "abc/def"}, true}, "Placeholder": {map[string]any{"secretAccessKey": "<your key>"}, false}, "None": {map[string]any{"id": id}, false},
	} {
		if got := hasSecretKey(c.fields); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestHoldsNothing: every line of a configuration file must be without a secret; one line alone may be one.
func TestHoldsNothing(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"": true, "changeme": true, "8080": true, "hunter2": false, "level=debug": false,
		"# comment\nport=8080\nhost: https://db.example\n": true, "port=8080\npassword=hunter2\n": false, "[section]\npassword = ${PASSWORD}\n": true,
	} {
		if got := holdsNothing(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// TestTakesSecrets: a configuration file whose secrets are all variables; another value may be anything.
func TestTakesSecrets(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"[r2]\ntype = s3\nsecret_access_key = ${KEY}\n":             true,
		"host: a.b\nrootPassword: \"${PASSWORD}\",\npassword: \"\"": true,
		"host: a.b\nrootPassword: ${PASSWORD}\npassword: hunter2":   false,
		"host: ${HOST}\npassword: hunter2":                          false,
		"host: ${HOST}\nvalue: hunter2":                             false, // the name of no secret
		"password: ${PASSWORD}hunter":                               true,
	} {
		if got := takesSecrets(strings.Split(text, "\n")); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
		if got := holdsNothing(text); got != want {
			t.Errorf("%q: holds nothing %v, want %v", text, got, want)
		}
	}
}
