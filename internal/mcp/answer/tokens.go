package answer

import "unicode/utf8"

const (
	// MostTokens limits every answer.
	MostTokens = 8000
	// MostDiagnosis limits a diagnosis.
	MostDiagnosis = 1500
)

// Tokens estimates how many tokens a model reads in a text. Models differ, so the estimate is high: a token for each four letters of a
// word, for each two digits, for each other character of ASCII and for each byte of all others; the space before a word is part of it.
// docs/mcp.md compares it with two tokenizers.
func Tokens(s string) int {
	total := 0
	for i := 0; i < len(s); {
		class, end := classOf(s[i]), i+1
		for class != single && end < len(s) && classOf(s[end]) == class {
			end++
		}
		total += class.tokens(end - i)
		i = end
	}
	return total
}

type class uint8

const (
	single class = iota
	letters
	digits
	spaces
)

func classOf(b byte) class {
	switch {
	case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z':
		return letters
	case b >= '0' && b <= '9':
		return digits
	case b == ' ':
		return spaces
	}
	return single
}

func (c class) tokens(length int) int {
	switch c {
	case letters:
		return (length + 3) / 4
	case digits:
		return (length + 1) / 2
	case spaces:
		return min(length-1, 1)
	case single:
		return length
	}
	return length
}

// Cut shortens a text to so many tokens, and ends it with an ellipsis.
func Cut(s string, most int) string {
	if Tokens(s) <= most {
		return s
	}
	low, high := 0, len(s) // of the bytes that are kept
	for low < high {
		middle := (low + high + 1) / 2
		if Tokens(s[:middle])+len("…") <= most {
			low = middle
		} else {
			high = middle - 1
		}
	}
	for back := low; back > 0 && low-back < utf8.UTFMax; back-- {
		if utf8.RuneStart(s[back]) {
			return s[:back] + "…" // no character is cut in two
		}
	}
	return s[:low] + "…"
}
