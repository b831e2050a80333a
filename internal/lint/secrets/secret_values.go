package secrets

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	// publicKey matches the keys of a Secret that hold what everybody may read: certificates, public keys, host keys, names of users, and where a
	// database is.
	publicKey = regexp.MustCompile(`(?i)(\.(crt|cer|pub)$|^(ca|known_hosts|ssh_known_hosts)$|(^|[_.-])user(_?name)?$|[a-z]Username$|(^|[_.-])(host(_?name)?|port|db_?name|database)$)`)
	// publicValue matches a value that consists of certificates and public keys.
	publicValue  = regexp.MustCompile(`^\s*(-----BEGIN ([A-Z]+ )*(CERTIFICATE|PUBLIC KEY)-----|(ssh-(rsa|ed25519)|ecdsa-sha2-nistp\d+) )`)
	sopsMetadata = regexp.MustCompile(`(?m)^\s*("?sops"?\s*:|\[sops\]|sops_[a-z_]+=)`)
	sopsEntry    = regexp.MustCompile(`^sops_(mac|version|lastmodified|[a-z_]*(suffix|regex)|[a-z_]+__list_\d+__.*)$`)
	// noValue matches a line of a configuration file without a value: a comment, the heading of a section, brackets.
	noValue = regexp.MustCompile(`^([#;].*|//.*|\[[^\]]*\]|---|[{}\[\],]*)$`)
)

// encryptedText is how SOPS begins each value, in YAML, JSON, INI and dotenv files alike.
const encryptedText = "ENC[AES256_GCM,data:"

// decoded returns the value of a field of a Secret's data, or the value itself if it is not base64: a variable of Flux represents
// text that will be.
func decoded(value string) string {
	text, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(value), ""))
	if err != nil || !utf8.Valid(text) {
		return value
	}
	return string(text)
}

// isEncrypted reports whether SOPS has encrypted a value, or the file that is the value. kustomize-controller decrypts the files of
// a secretGenerator before the build (kustomize-controller v1.10 internal/decryptor/decryptor.go, DecryptSources). A dotenv file
// becomes an entry for each line, those of SOPS among them.
func isEncrypted(key, value string) bool {
	return strings.HasPrefix(value, encryptedText) || strings.Contains(value, encryptedText) && sopsMetadata.MatchString(value) || sopsEntry.MatchString(key)
}

// isPublic reports whether an entry of a Secret may be read by all. A key tells nothing of a value that has the form of a private key.
func isPublic(key, value string) bool {
	return publicKey.MatchString(key) || publicValue.MatchString(value)
}

var (
	keyID     = regexp.MustCompile(`(?i)access[_-]?key[_-]?id$`)
	secretKey = regexp.MustCompile(`(?i)secret[_-]?(access[_-]?)?key$`)
)

// isKeyID reports whether a field is the ID of an AWS access key, which names the key as a user name does. cert-manager, for example, reads
// the secret access key from a Secret (cert-manager v1.18 pkg/apis/acme/v1/types_issuer.go, ACMEIssuerDNS01ProviderRoute53).
func isKeyID(field string, value any) bool {
	text, _ := value.(string)
	return keyID.MatchString(field) && text != "" && awsKey.FindString(text) == text
}

// hasSecretKey reports whether a secret access key is among some fields.
func hasSecretKey(fields map[string]any) bool {
	for name, value := range fields {
		if text, _ := value.(string); secretKey.MatchString(name) && !harmless(text) {
			return true
		}
	}
	return false
}

// holdsNothing reports whether all values of a text are placeholders or ordinary: of each line of a configuration file, what
// follows the name.
func holdsNothing(text string) bool {
	if harmless(text) {
		return true
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) > 1 && takesSecrets(lines) {
		return true
	}
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if len(lines) > 1 && (noValue.MatchString(line) || harmless(line) || harmless(valueIn(line))) {
			continue
		}
		return false
	}
	return true
}

// takesSecrets reports whether a configuration file takes its secrets from variables: the values of all lines whose names are those of
// secrets. Its other values need not be hidden.
func takesSecrets(lines []string) bool {
	found := false
	for _, line := range lines {
		name, _, _ := strings.Cut(line, "=")
		name, _, _ = strings.Cut(name, ":")
		if !secretName.MatchString(strings.Trim(name, " \t\"'-")) {
			continue
		}
		value := valueIn(line)
		if !harmless(value) {
			return false
		}
		found = found || strings.Contains(value, "${")
	}
	return found
}

// valueIn returns the value in a line of a configuration file, or the line if it has no name.
func valueIn(line string) string {
	at := strings.IndexAny(line, "=:")
	return strings.Trim(line[at+1:], ` "',`)
}
