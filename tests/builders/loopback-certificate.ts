import { getCACertificates, setDefaultCACertificates } from 'node:tls';

/** A certificate for 127.0.0.1 and localhost until 2126, and its key: for servers of tests, worth nothing elsewhere. */
export const loopback = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgguugMTaXbywcB+6u
f8MvvNXGp862yR0w6lRDwrUSLsGhRANCAARaBbGsvmbj7I8+pqHPhnWTGhX1gCbw
Fe9smOnVY4gk+C+Q06n0SdhmE4+0pYCOQetAcE3EGgF1S2QpBpjyihl3
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUFB9J86rJQzDcqT2ODeGCitp7mk0wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMjEyNTYwMFoYDzIxMjYxMDI5
MTI1NjAwWjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARaBbGsvmbj7I8+pqHPhnWTGhX1gCbwFe9smOnVY4gk+C+Q06n0Sdhm
E4+0pYCOQetAcE3EGgF1S2QpBpjyihl3o28wbTAdBgNVHQ4EFgQUzbczzzoYodII
LHifms8kU7LH948wHwYDVR0jBBgwFoAUzbczzzoYodIILHifms8kU7LH948wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARhwR/AAABgglsb2NhbGhvc3QwCgYIKoZI
zj0EAwIDSAAwRQIgcrgVb+K5dYSB0RSfTWF3OWEkSRbicLhXMk/AfdO7aIoCIQCZ
hbThYMDekTTDCmuQ0K294xfUw48DB0XRSwvRCOJ0vQ==
-----END CERTIFICATE-----`,
};

/** This process takes servers with that certificate for what they say they are. */
export function trustLoopback(): void {
  setDefaultCACertificates([...getCACertificates('default'), loopback.cert]);
}
