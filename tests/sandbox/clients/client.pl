# An API client on Perl's core modules: IO::Socket, buffered reads. Usage: client.pl HOST PORT USER PASSWORD
# Orders and answers as in client.py.
use strict;
use warnings;
use Digest::MD5 qw(md5_hex);
use IO::Socket::INET;
use JSON::PP;

my ($host, $port, $user, $password) = @ARGV;
my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Proto => 'tcp', Timeout => 20) or die "no connection: $@\n";
binmode $socket;
$| = 1;
my $json = JSON::PP->new->utf8->allow_nonref;

sub length_of {
    my ($length) = @_;
    return pack 'C', $length if $length < 0x80;
    return pack 'n', $length | 0x8000 if $length < 0x4000;
    return substr pack('N', $length | 0xC00000), 1 if $length < 0x200000;
    return pack 'N', $length | 0xE0000000 if $length < 0x10000000;
    return "\xF0" . pack 'N', $length;
}

sub write_sentence {
    my $bytes = '';
    for my $word (@_) {
        my $data = $word;
        utf8::encode($data);
        $bytes .= length_of(length $data) . $data;
    }
    print {$socket} "$bytes\0";
    $socket->flush;
}

sub read_exactly {
    my ($count) = @_;
    my $data = '';
    while (length $data < $count) {
        my $got = read $socket, $data, $count - length $data, length $data;
        die "connection closed by remote end\n" unless $got;
    }
    return $data;
}

sub read_word {
    my $first = ord read_exactly(1);
    my $length = $first;
    if ($first >= 0xF0)    { $length = unpack 'N', read_exactly(4) }
    elsif ($first >= 0xE0) { $length = unpack 'N', chr($first & 0x0F) . read_exactly(3) }
    elsif ($first >= 0xC0) { $length = unpack 'N', "\0" . chr($first & 0x1F) . read_exactly(2) }
    elsif ($first >= 0x80) { $length = unpack 'n', chr($first & 0x3F) . read_exactly(1) }
    my $word = read_exactly($length);
    utf8::decode($word);
    return $word;
}

sub read_sentence {
    my @words;
    while (1) {
        my $word = read_word();
        if ($word ne '') { push @words, $word }
        elsif (@words)   { return \@words }
    }
}

sub talk {
    write_sentence(@_);
    my @replies;
    do { push @replies, read_sentence() } until $replies[-1][0] =~ /^!(done|fatal)$/;
    return @replies;
}

sub show { print $json->encode($_[0]), "\n" }

my @replies = talk('/login', "=name=$user", "=password=$password");
my ($challenge) = map { /^=ret=(.*)/ ? $1 : () } map { @$_ } @replies;
@replies = talk('/login', "=name=$user", '=response=00' . md5_hex("\0$password" . pack 'H*', $challenge)) if defined $challenge;
show($_) for @replies;
while (my $line = <STDIN>) {
    my ($order, @words) = @{ $json->decode($line) };
    if    ($order eq 'send') { write_sentence(@words) }
    elsif ($order eq 'read') { show(read_sentence()) }
    else                     { show($_) for talk(@words) }
}
